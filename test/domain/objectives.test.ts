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
  it('may leave the direction to the metric’s settings, or to a metric of a log, which has one', () => {
    expect(complaint({ objective: 'cost', metrics: { cost: { direction: 'minimize' } } })).to.equal(
      'nothing was refused',
    );
    const head = { score: 's', label: 'y' };
    const log = { log: { path: 'log.csv', request: 'r' }, heads: { a: head, b: head } };
    expect(complaint({ ...log, objective: 'a.average_precision' })).to.equal('nothing was refused');
  });

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
      metrics: { reach: { direction: 'maximize' } },
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
      { objective: 'maximize a', objectives: ['maximize a', 'maximize b'] },
      'objectives: stand beside an objective: expected one of the two keys',
    ],
    [
      'a single one in a list',
      { objectives: ['maximize a'] },
      'objectives: is [{"metric":"a","direction":"maximize"}]: expected 2 to 4 objectives',
    ],
    [
      'five',
      { objectives: ['a', 'b', 'c', 'd', 'e'] },
      'objectives: is ["a","b","c","d","e"]: expected 2 to 4 objectives',
    ],
    [
      'one metric twice',
      { objectives: ['maximize a', 'maximize b', 'minimize a'] },
      'objectives.2: "a" is an objective already: expected each once',
    ],
    [
      'another spelling',
      { objectives: ['maximise a', 'b'] },
      'objectives.0: "maximise a" is not an objective: expected "maximize METRIC" or "minimize METRIC"',
    ],
    [
      'a metric of no log without a direction',
      { objective: 'cost' },
      'objective: "cost" has no direction: expected "maximize cost" or "minimize cost"',
    ],
    [
      'one of several without a direction',
      { objectives: ['maximize a', { metric: 'b' }] },
      'objectives.1: "b" has no direction: expected "maximize b" or "minimize b"',
    ],
    [
      'a direction that the metric contradicts',
      { objectives: ['maximize a', 'minimize b'], metrics: { b: { direction: 'maximize' } } },
      'metrics.b.direction: "maximize" contradicts the objective, which is to minimize it',
    ],
    [
      'a reference point of one objective',
      { objective: 'maximize a', referencePoint: { a: 1 } },
      'referencePoint: needs objectives: expected objectives: a list of 2 to 4',
    ],
    [
      'a reference point for another metric',
      { objectives: ['maximize a', 'maximize b'], referencePoint: { c: 1 } },
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
