import { expect } from 'chai';
import * as fc from 'fast-check';
import { studySchema } from '../../src/domain/study-rules.ts';

const EXTERNAL = { name: 'x', weights: { a: [0, 1], b: [0, 1] }, objective: 'maximize gain' };
const HEADS = {
  click: { score: 's', label: 'y' },
  hide: { score: 't', label: 'z', sign: -1 },
};
const OF_A_LOG = {
  name: 'log',
  log: { path: 'log.csv', request: 'r' },
  heads: HEADS,
  weights: { click: [0, 1], hide: [0, 1] },
  objective: 'click.average_precision',
  baseline: { weights: { click: 0.5, hide: 0.5 } },
};

function complaints(study: object): readonly string[] {
  const { error } = studySchema.safeParse(study);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const ofGuardrails = (...guardrails: readonly string[]): readonly string[] =>
  complaints({ ...EXTERNAL, guardrails, baseline: { weights: { a: 0.5, b: 0.5 } } });

describe('guardrails on one metric', () => {
  it('are refused where no value meets both', () => {
    expect(ofGuardrails('g >= 0.6', 'h >= 0', 'g <= 0.5')).to.deep.equal([
      'guardrails.2: "g <= 0.5" contradicts "g >= 0.6": expected bounds that some value meets',
    ]);
    for (const [one, other] of [
      ['g >= 1.1 * baseline', 'g <= 0.9 * baseline'],
      ['g <= 0.99 * baseline', 'g >= baseline'],
      ['g >= baseline + 1', 'g <= baseline - 1'],
      ['g >= 0.5 * baseline', 'g <= -1'],
    ] as const) {
      expect(ofGuardrails(one, other), `${one}, ${other}`).to.have.length(1);
    }
  });

  it('are taken where some value may meet both', () => {
    for (const [one, other] of [
      ['g >= 0.5', 'g <= 0.5'],
      ['g >= 0.9 * baseline', 'g <= 1.1 * baseline'],
      ['g >= 0.9 * baseline', 'g <= 5'],
      ['g >= baseline', 'g <= 0.5'],
      ['g >= baseline', 'g <= -0.5'],
      ['g >= 3', 'g <= 0.1 * baseline'],
    ] as const) {
      expect(ofGuardrails(one, other), `${one}, ${other}`).to.deep.equal([]);
    }
  });

  it('are refused only where no baseline of 61 leaves room between them, and then always', () => {
    const factor = fc.constantFrom(0, 0.5, 0.9, 1, 1.1, 2);
    const guardrail = fc
      .record({ factor, offset: fc.constantFrom(-1, 0, 0.5, 1) })
      .map(({ factor: f, offset }) => ({ factor: f, offset: f === 0 || f === 1 ? offset : 0 }));
    fc.assert(
      fc.property(guardrail, guardrail, (from, to) => {
        const demandsPositive = [from, to].some(({ factor: f }) => f !== 0 && f !== 1);
        const baselines = Array.from({ length: 61 }, (_, i) => (i - 30) * 10).filter(
          (baseline) => !demandsPositive || baseline > 0,
        );
        // As near to 0 as a multiple's baseline may come: what is open there is open.
        if (demandsPositive) baselines.push(1e-12);
        const room = baselines.some((b) => from.factor * b + from.offset <= to.factor * b + to.offset);
        const found = complaints({
          ...EXTERNAL,
          baseline: { weights: { a: 0.5, b: 0.5 } },
          guardrails: [
            { metric: 'g', relation: '>=', ...from },
            { metric: 'g', relation: '<=', ...to },
          ],
        });
        expect(found.length === 0, JSON.stringify([from, to, found])).to.equal(room);
      }),
    );
  });
});

describe('a guardrail on an unwanted engagement', () => {
  const guardrails = ['hide.average_precision >= 0.9 * baseline'];

  it('is refused where it keeps the engagement up', () => {
    expect(complaints({ ...OF_A_LOG, guardrails })).to.deep.equal([
      'guardrails.0: "hide.average_precision >= 0.9 * baseline" keeps up what is unwanted, as its head has sign: -1: ' +
        'expected hide.average_precision <= …, or metrics: {hide.average_precision: {direction: maximize}}',
    ]);
  });

  it('is taken from above, as one of two that keep it where it is, or where the study wants more of it', () => {
    const above = 'hide.average_precision <= 1.1 * baseline';
    const maximize = { 'hide.average_precision': { direction: 'maximize' } };
    for (const keys of [
      { guardrails: [above] },
      { guardrails: [...guardrails, above] },
      { guardrails, metrics: maximize },
      { guardrails, objective: 'maximize hide.average_precision' },
      { guardrails: ['click.average_precision >= 0.9 * baseline'] },
    ]) {
      expect(complaints({ ...OF_A_LOG, ...keys }), JSON.stringify(keys)).to.deep.equal([]);
    }
  });
});

describe('what is for a log alone', () => {
  it('is refused for an external evaluator: a margin, and a hold-out', () => {
    expect(complaints({ ...EXTERNAL, guardrailMargin: 1.645, holdout: { share: 0.3 } })).to.deep.equal([
      'guardrailMargin: is for a log, whose sampling error all trials share: expected confidence, and a sem with each observation',
      'holdout: is a part of a log: add log: {path, request}',
    ]);
    expect(complaints({ ...OF_A_LOG, guardrailMargin: 0, holdout: { share: 0.3 } })).to.deep.equal([]);
  });
});
