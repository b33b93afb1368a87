import { expect } from 'chai';
import { studySchema } from '../../src/domain/study-rules.ts';
import { studyChanges } from '../../src/service/study-changes.ts';

const STUDY = {
  name: 'one',
  log: { path: 'log.csv', request: 'r' },
  heads: { click: { score: 's', label: 'y' }, save: { score: 't', label: 'z' } },
  weights: { click: [0, 1], save: [0, 1] },
  sum: 1,
  constraints: ['click <= 2 * save'],
  objective: 'maximize click.average_precision',
  guardrails: ['save.average_precision >= 0.98 * baseline'],
  baseline: { weights: { click: 0.5, save: 0.5 } },
  budget: 10,
  seed: 1,
};

function changes(keys: Readonly<Record<string, unknown>>): readonly string[] {
  return studyChanges(studySchema.parse(STUDY), studySchema.parse({ ...STUDY, ...keys })).map(
    ({ text }) => text,
  );
}

describe('studyChanges', () => {
  it('finds none in the same study, in a stored copy of it, or in another order of keys', () => {
    const study = studySchema.parse(STUDY);
    const reversed = studySchema.parse({
      ...Object.fromEntries(Object.entries(STUDY).reverse()),
      heads: { save: STUDY.heads.save, click: STUDY.heads.click },
    });
    expect(studyChanges(study, study)).to.deep.equal([]);
    expect(studyChanges(JSON.parse(JSON.stringify(study)) as typeof study, study)).to.deep.equal([]);
    expect(studyChanges(study, reversed)).to.deep.equal([]);
  });

  it('lets the budget, the step and the place of the log change', () => {
    expect(changes({ step: 0.05 })).to.deep.equal([]);
    expect(changes({ budget: 99, log: { path: 'elsewhere/log.csv', request: 'r' } })).to.deep.equal([]);
    expect(changes({ budget: undefined })).to.deep.equal([]);
  });

  it('takes a default that is now written out for no change', () => {
    const heads = { ...STUDY.heads, click: { ...STUDY.heads.click, negativeKeepRate: 1, sign: 1 } };
    const log = { ...STUDY.log, nullScores: 'refuse' };
    expect(changes({ heads, log, metrics: {} })).to.deep.equal([]);
  });

  it('says of a log in another form that alone', () => {
    const log = { ...STUDY.log, form: 'histogram', bins: 512 };
    expect(changes({ log, guardrailMargin: 0 })).to.deep.equal(['log.form was "rows", is "histogram"']);
    expect(changes({ log, seed: 2 })).to.deep.equal([
      'log.form was "rows", is "histogram"',
      'seed was 1, is 2',
    ]);
  });

  it('takes a constraint that is written another way for no change', () => {
    expect(changes({ constraints: ['click - 2*save <= 0'] })).to.deep.equal([]);
  });

  for (const [what, keys, change] of [
    ['the seed', { seed: 2 }, 'seed was 1, is 2'],
    ['the sum', { sum: undefined }, 'sum was 1, is absent'],
    ['a range', { weights: { click: [0, 0.9], save: [0, 1] } }, 'weights.click.max was 1, is 0.9'],
    [
      'a guardrail',
      { guardrails: ['save.average_precision >= baseline - 0.1'] },
      'guardrails.0.factor was 0.98, is 1; guardrails.0.offset was 0, is -0.1',
    ],
    [
      'a constraint that is gone',
      { constraints: [] },
      'constraints.0 was {"coefficients":{"click":1,"save":-2},"relation":"<=","bound…, is absent',
    ],
    [
      'the kind of baseline',
      { baseline: { scoreColumn: 'p' } },
      'baseline.weights was {"click":0.5,"save":0.5}, is absent; baseline.scoreColumn was absent, is "p"',
    ],
    [
      'a null policy',
      { log: { ...STUDY.log, nullScores: 'drop' } },
      'log.nullScores was "refuse", is "drop"',
    ],
    ['a column of the log', { log: { ...STUDY.log, request: 'q' } }, 'log.request was "r", is "q"'],
    ['the size of the design', { initialTrials: 9 }, 'initialTrials was absent, is 9'],
  ] as const) {
    it(`says what has become of ${what}`, () => {
      expect(changes(keys).join('; ')).to.equal(change);
    });
  }
});
