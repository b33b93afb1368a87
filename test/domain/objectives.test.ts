import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { objectivesOf, type StudyDefinition } from '../../src/domain/study.ts';

const STUDY = { name: 'x', weights: { a: [0, 1], b: [0, 1] } };

function parsed(keys: object): StudyDefinition {
  return parseWith(studySchema, { ...STUDY, ...keys }, 'study_invalid');
}

function complaint(keys: object): string {
  try {
    parsed(keys);
  } catch (error) {
    if (error instanceof DomainError) return error.line;
  }
  return 'nothing was refused';
}

describe('the objectives of a study', () => {
  it('are one, stored as it always was', () => {
    const definition = parsed({ objective: 'maximize gain' });
    expect(JSON.stringify(definition)).to.equal(
      '{"name":"x","weights":{"a":{"min":0,"max":1},"b":{"min":0,"max":1}},"constraints":[],' +
        '"objective":{"metric":"gain","direction":"maximize"},"guardrails":[],"metrics":{},"seed":0}',
    );
    expect(objectivesOf(definition)).to.deep.equal([{ metric: 'gain', direction: 'maximize' }]);
  });

  it('are two to four, as text or structured, with a reference point for some of them', () => {
    const keys = {
      objectives: ['maximize gain', { metric: 'cost', direction: 'minimize' }, 'reach'],
      referencePoint: { cost: 2 },
    };
    const definition = parsed(keys);
    expect(definition.objective).to.equal(undefined);
    expect(definition.referencePoint).to.deep.equal({ cost: 2 });
    expect(objectivesOf(definition)).to.deep.equal([
      { metric: 'gain', direction: 'maximize' },
      { metric: 'cost', direction: 'minimize' },
      { metric: 'reach' },
    ]);
    expect(parseWith(studySchema, JSON.parse(JSON.stringify(definition)), 'study_invalid')).to.deep.equal(
      definition,
    );
  });

  const refusals: readonly (readonly [string, object, string])[] = [
    [
      'neither key',
      {},
      'objective: is missing: expected objective: maximize METRIC, or objectives: a list of 2 to 4 such',
    ],
    [
      'both keys',
      { objective: 'a', objectives: ['a', 'b'] },
      'objectives: stand beside an objective: expected one of the two keys',
    ],
    [
      'a single one in a list',
      { objectives: ['a'] },
      'objectives: is [{"metric":"a"}]: expected 2 to 4 objectives',
    ],
    [
      'five',
      { objectives: ['a', 'b', 'c', 'd', 'e'] },
      'objectives: is ["a","b","c","d","e"]: expected 2 to 4 objectives',
    ],
    [
      'one metric twice',
      { objectives: ['maximize a', 'b', 'minimize a'] },
      'objectives.2: "a" is an objective already: expected each once',
    ],
    [
      'another spelling',
      { objectives: ['maximise a', 'b'] },
      'objectives.0: "maximise a" is not an objective: expected "maximize METRIC" or "minimize METRIC"',
    ],
    [
      'a direction that the metric contradicts',
      { objectives: ['a', 'minimize b'], metrics: { b: { direction: 'maximize' } } },
      'metrics.b.direction: "maximize" contradicts the objective, which is to minimize it',
    ],
    [
      'a reference point of one objective',
      { objective: 'a', referencePoint: { a: 1 } },
      'referencePoint: needs objectives: expected objectives: a list of 2 to 4',
    ],
    [
      'a reference point for another metric',
      { objectives: ['a', 'b'], referencePoint: { c: 1 } },
      'referencePoint.c: is not an objective: expected one of a, b',
    ],
    [
      'a reference point that is not a number',
      { objectives: ['a', 'b'], referencePoint: { a: 'low' } },
      'referencePoint.a: is "low": expected a number',
    ],
  ];
  for (const [what, keys, line] of refusals) {
    it(`are refused as ${what}`, () => expect(complaint(keys)).to.equal(line));
  }
});
