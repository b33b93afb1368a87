import { expect } from 'chai';
import * as fc from 'fast-check';
import { logConstrainedExpectedImprovement } from '../../acquisition/constrained-expected-improvement.ts';
import { logProbabilityOfFeasibility, slackOf, type Guardrail } from '../../acquisition/feasibility.ts';
import { logExpectedImprovement } from '../../acquisition/log-expected-improvement.ts';
import { randomStream } from '../../math/random.ts';
import { readGolden } from '../golden/read-golden.ts';

interface Case {
  readonly q: number;
  readonly mean: readonly (readonly number[])[];
  readonly cov: readonly (readonly (readonly number[])[])[];
  readonly constraint_lower_bounds: readonly number[];
  readonly best_f: number;
  readonly log_constrained_ei?: number;
}

function logCei(
  best: number | undefined,
  guardrails: readonly Guardrail[],
  means: readonly number[],
  variances: readonly number[],
): { value: number; meanGradient: Float64Array; varianceGradient: Float64Array } {
  const meanGradient = new Float64Array(means.length);
  const varianceGradient = new Float64Array(means.length);
  const [m, v] = [Float64Array.from(means), Float64Array.from(variances)];
  const value = logConstrainedExpectedImprovement(best, guardrails, m, v, meanGradient, varianceGradient);
  return { value, meanGradient, varianceGradient };
}

const unit = (least: number, most: number): fc.Arbitrary<number> =>
  fc.double({ min: least, max: most, noNaN: true });

describe('logExpectedImprovement', () => {
  it('agrees with Monte Carlo within 4.5 standard errors', () => {
    const random = randomStream(1, 'ei');
    for (const [mean, variance, best] of [
      [0.3, 0.5, 0.1],
      [-1, 2, 0.5],
      [2, 0.1, 1.5],
    ] as const) {
      const n = 100_000;
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < n; i++) {
        const improvement = Math.max(0, mean + Math.sqrt(variance) * random.normal() - best);
        sum += improvement;
        squares += improvement ** 2;
      }
      const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
      const exact = Math.exp(logExpectedImprovement(mean, variance, best, new Float64Array(2)));
      expect(Math.abs(exact - sum / n)).below(4.5 * error);
    }
  });

  it('grows with the mean and with the variance, however hopeless the point', () => {
    fc.assert(
      fc.property(unit(-1e5, 1e3), unit(1e-6, 1e3), unit(1e-4, 1), (mean, variance, step) => {
        const gradient = new Float64Array(2);
        const value = logExpectedImprovement(mean, variance, 0, gradient);
        expect(Number.isFinite(value)).equal(true);
        expect(gradient.every(Number.isFinite)).equal(true);
        expect(gradient[0]).above(0);
        expect(gradient[1]).at.least(0);
        expect(logExpectedImprovement(mean + step * (1 + Math.abs(mean)), variance, 0, gradient)).above(
          value,
        );
        expect(logExpectedImprovement(mean, variance * (1 + step), 0, gradient)).at.least(
          value - 1e-14 * Math.abs(value),
        );
      }),
    );
  });

  it('refuses a variance of zero', () => {
    expect(() => logExpectedImprovement(0, 0, 0, new Float64Array(2))).throw(RangeError, 'got 0');
  });
});

describe('logProbabilityOfFeasibility', () => {
  it('mirrors a guardrail exactly when metric and bound change sign', () => {
    fc.assert(
      fc.property(unit(-50, 50), unit(1e-3, 10), unit(-50, 50), (mean, variance, bound) => {
        const gradients = [0, 1, 2, 3].map(() => new Float64Array(1));
        const v = Float64Array.of(variance);
        const least = [{ bound, relation: '>=' }] as const;
        const most = [{ bound: -bound, relation: '<=' }] as const;
        const a = logProbabilityOfFeasibility(least, Float64Array.of(mean), v, gradients[0]!, gradients[1]!);
        const b = logProbabilityOfFeasibility(most, Float64Array.of(-mean), v, gradients[2]!, gradients[3]!);
        expect(a).equal(b);
        expect(gradients[0]![0]).equal(-gradients[2]![0]!);
        expect(gradients[1]![0]).equal(gradients[3]![0]);
      }),
    );
  });

  it('measures slack on the allowed side', () => {
    expect(slackOf({ bound: 2, relation: '>=' }, 3)).equal(1);
    expect(slackOf({ bound: 2, relation: '<=' }, 3)).equal(-1);
  });

  it('has no slack at the bound, of no sign', () => {
    for (const relation of ['>=', '<='] as const) {
      expect(Object.is(slackOf({ bound: 2, relation }, 2), 0), relation).equal(true);
    }
  });

  it('refuses means that are not one per guardrail', () => {
    const none = new Float64Array(0);
    const call = () => logProbabilityOfFeasibility([{ bound: 0, relation: '>=' }], none, none, none, none);
    expect(call).throw(RangeError, '1 guardrails, but 0 means');
  });
});

describe('logConstrainedExpectedImprovement', () => {
  it('agrees with the golden single-point cases to 1e-10', () => {
    const cases = readGolden<readonly Case[]>('acquisition').filter(({ q }) => q === 1);
    expect(cases.length).above(0);
    for (const { mean, cov, constraint_lower_bounds, best_f, log_constrained_ei } of cases) {
      const guardrails = constraint_lower_bounds.map((bound) => ({ bound, relation: '>=' as const }));
      const { value } = logCei(
        best_f,
        guardrails,
        mean.map((m) => m[0]!),
        cov.map((c) => c[0]![0]!),
      );
      expect(value).closeTo(log_constrained_ei!, 1e-10);
    }
  });

  it('agrees with Monte Carlo within 4.5 standard errors', () => {
    const guardrails: readonly Guardrail[] = [
      { bound: 0.2, relation: '>=' },
      { bound: 1, relation: '<=' },
    ];
    const [means, variances] = [
      [0.1, 0.5, 0.7],
      [0.8, 0.3, 0.5],
    ];
    const random = randomStream(2, 'cei');
    const n = 200_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const [f, a, b] = means!.map((mean, k) => mean + Math.sqrt(variances![k]!) * random.normal());
      const utility = a! >= 0.2 && b! <= 1 ? Math.max(0, f! - 0.3) : 0;
      sum += utility;
      squares += utility ** 2;
    }
    const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
    expect(Math.abs(Math.exp(logCei(0.3, guardrails, means!, variances!).value) - sum / n)).below(
      4.5 * error,
    );
  });

  it('states gradients that are the differences of its values, tails included', () => {
    fc.assert(
      fc.property(
        fc.array(unit(-30, 30), { minLength: 3, maxLength: 3 }),
        fc.array(unit(0.2, 5), { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        (means, variances, someFeasible) => {
          const guardrails: readonly Guardrail[] = [
            { bound: 1, relation: '>=' },
            { bound: -2, relation: '<=' },
          ];
          const best = someFeasible ? 0.5 : undefined;
          const at = logCei(best, guardrails, means, variances);
          for (let k = 0; k < 3; k++) {
            const step = 1e-5;
            const bump = (values: number[], by: number) =>
              values.map((value, i) => (i === k ? value + by : value));
            const meanSlope =
              (logCei(best, guardrails, bump(means, step), variances).value -
                logCei(best, guardrails, bump(means, -step), variances).value) /
              (2 * step);
            const varianceSlope =
              (logCei(best, guardrails, means, bump(variances, step)).value -
                logCei(best, guardrails, means, bump(variances, -step)).value) /
              (2 * step);
            const tolerance = 1e-5 * (1 + Math.abs(at.value));
            expect(at.meanGradient[k]).closeTo(meanSlope, tolerance);
            expect(at.varianceGradient[k]).closeTo(varianceSlope, tolerance * 10);
          }
        },
      ),
    );
  });

  it('is the log probability of feasibility alone while nothing is feasible', () => {
    const guardrails: readonly Guardrail[] = [{ bound: 0, relation: '>=' }];
    const { value, meanGradient, varianceGradient } = logCei(undefined, guardrails, [5, 0], [1, 1]);
    expect(value).closeTo(Math.log(0.5), 1e-15);
    expect(meanGradient[0]).equal(0);
    expect(varianceGradient[0]).equal(0);
  });
});
