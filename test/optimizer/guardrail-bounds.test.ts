import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';
import { completedTrial, runningTrial, smallDefinition } from './small-study-definition.ts';

const BASELINE = { weights: { a: 0.5, b: 0.25, c: 0.25 } };
const BASELINE_TRIAL = completedTrial(0, BASELINE.weights, { gain: 3, cost: 0.4 });

describe('guardrailBounds', () => {
  for (const [guardrail, bound, factor, offset] of [
    ['cost >= 0.98 * baseline', 0.98 * 0.4, 0.98, 0],
    ['cost <= 1.02 * baseline', 1.02 * 0.4, 1.02, 0],
    ['cost >= baseline - 0.1', 0.4 - 0.1, 1, -0.1],
    ['cost <= baseline + 0.1', 0.4 + 0.1, 1, 0.1],
    ['cost >= baseline', 0.4, 1, 0],
    ['cost <= 0.7', 0.7, 0, 0.7],
    ['cost >= -0.7', -0.7, 0, -0.7],
  ] as const) {
    it(`gives ${guardrail} the bound ${bound} where the baseline's cost is 0.4`, () => {
      const definition = smallDefinition({ baseline: BASELINE, guardrails: [guardrail] });
      const relation = guardrail.includes('>=') ? '>=' : '<=';
      expect(guardrailBounds(definition, [BASELINE_TRIAL])).to.deep.equal([
        { text: guardrail, metric: 'cost', relation, bound, factor, offset },
      ]);
    });
  }

  it('takes the baseline from given metric values as well', () => {
    const definition = smallDefinition({
      baseline: { metrics: { cost: 8 } },
      guardrails: ['cost <= 1.5 * baseline'],
    });
    expect(guardrailBounds(definition, [])![0]!.bound).to.equal(12);
  });

  it('gives nothing while the baseline is not measured', () => {
    const definition = smallDefinition({ baseline: BASELINE, guardrails: ['cost <= 1.5 * baseline'] });
    expect(guardrailBounds(definition, [])).to.equal(undefined);
    expect(guardrailBounds(definition, [runningTrial(0, BASELINE.weights)])).to.equal(undefined);
  });

  it('needs no baseline for absolute bounds', () => {
    expect(guardrailBounds(smallDefinition({ guardrails: ['cost <= 2'] }), [])!.length).to.equal(1);
  });

  for (const value of [0, -0, -2]) {
    it(`refuses a multiple of the baseline ${Object.is(value, -0) ? '-0' : value}, proposing the additive form`, () => {
      const definition = smallDefinition({
        baseline: BASELINE,
        guardrails: ['gain >= 1', 'cost <= 1.1 * baseline'],
      });
      const baseline = completedTrial(0, BASELINE.weights, { gain: 3, cost: value });
      expect(() => guardrailBounds(definition, [baseline]))
        .to.throw(DomainError)
        .that.deep.includes({
          code: 'baseline_invalid',
          message: `the baseline's cost is ${value}, and a multiple of it needs a positive value: expected the form cost <= baseline + a`,
          place: { pointer: '/guardrails/1' },
        });
    });

    it(`allows a difference from the baseline ${Object.is(value, -0) ? '-0' : value}`, () => {
      const definition = smallDefinition({ baseline: BASELINE, guardrails: ['cost <= baseline + 0.5'] });
      const baseline = completedTrial(0, BASELINE.weights, { gain: 3, cost: value });
      expect(guardrailBounds(definition, [baseline])![0]!.bound).to.equal(value + 0.5);
    });
  }
});
