import type { Weights } from '../../src/domain/trial.ts';
import { readGolden } from '../../test/golden/read-golden.ts';
import { exactStudy } from './exact-study.ts';
import type { Problem } from './problem.ts';

/** What `test/golden/ax-curve.json` has of the problem, and what Ax made of it. */
export interface AxCurve {
  readonly names: readonly string[];
  readonly a: readonly number[];
  readonly cross: readonly (readonly number[])[];
  readonly centre: readonly number[];
  readonly check: { readonly w: readonly number[]; readonly y: Readonly<Record<string, number>> };
  readonly baseline_values: Readonly<Record<string, number>>;
  readonly guardrail_bounds: Readonly<Record<string, number>>;
  readonly optimum: number;
  readonly ax: { readonly runs: readonly { readonly gap_by_trial: readonly (number | null)[] }[] };
}

export const axCurve = readGolden<AxCurve>('ax-curve');
const { names, a, cross, centre } = axCurve;

/** By a local search from 200 starts. */
const SOLUTION = [0.2004689172727, 0.1887630255715, 0.233837803115, 0.3769302540408];

/**
 * Four weights with a sum, and guardrails relative to a baseline: the problem that Ax was run on.
 *
 * y_i = 0.05 + 0.3 · lift_i · bend, lift = (1 − e^{−a∘w}) + 0.35 · cross √(max(w, 0) + 1e-3), bend = e^{−2.5 |w − centre|²}
 */
export const fourWeights: Problem = {
  name: 'four-weights',
  study: exactStudy({
    name: 'four-weights',
    weights: Object.fromEntries(names.map((name) => [name, [0, 1]])),
    sum: 1,
    objective: 'maximize long_click',
    guardrails: ['save', 'click', 'close_up'].map((metric) => `${metric} >= 0.97 * baseline`),
    baseline: { weights: namedWeights([0.25, 0.25, 0.25, 0.25]) },
  }),
  measure: (weights) => {
    const w = names.map((name) => weights[name]!);
    const roots = w.map((value) => Math.sqrt(Math.max(value, 0) + 1e-3));
    const bend = Math.exp(-2.5 * w.reduce((sum, value, i) => sum + (value - centre[i]!) ** 2, 0));
    return Object.fromEntries(
      names.map((name, i) => {
        const crossed = cross[i]!.reduce((sum, c, j) => sum + c * roots[j]!, 0);
        const lift = 1 - Math.exp(-a[i]! * w[i]!) + 0.35 * crossed;
        return [name, 0.05 + 0.3 * lift * bend];
      }),
    );
  },
  optimum: { value: axCurve.optimum, weights: namedWeights(SOLUTION) },
};

/** The values under the weights' names. */
export function namedWeights(values: readonly number[]): Weights {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}
