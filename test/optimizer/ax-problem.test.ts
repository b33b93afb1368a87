import { expect } from 'chai';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { guardrailBounds, slackOf } from '../../src/optimizer/guardrail-bounds.ts';
import { readGolden } from '../golden/read-golden.ts';
import { type Measure, runStudy } from './run-study.ts';

interface AxProblem {
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

const problem = readGolden<AxProblem>('ax-curve');
const { names } = problem;
const CANDIDATES = 25;
const SEEDS = [0, 1, 2];

/** y_i = 0.05 + 0.3 · lift_i · bend, lift = (1 − e^{−a∘w}) + 0.35 · cross √(max(w, 0) + 1e-3), bend = e^{−2.5 |w − centre|²}. */
const measure: Measure = (weights) => {
  const w = names.map((name) => weights[name]!);
  const roots = w.map((value) => Math.sqrt(Math.max(value, 0) + 1e-3));
  const bend = Math.exp(-2.5 * w.reduce((sum, value, i) => sum + (value - problem.centre[i]!) ** 2, 0));
  return Object.fromEntries(
    names.map((name, i) => {
      const crossed = problem.cross[i]!.reduce((sum, c, j) => sum + c * roots[j]!, 0);
      const lift = 1 - Math.exp(-problem.a[i]! * w[i]!) + 0.35 * crossed;
      return [name, 0.05 + 0.3 * lift * bend];
    }),
  );
};

function vector(values: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

function study(seed: number): StudyDefinition {
  return studySchema.parse({
    name: 'ax',
    weights: Object.fromEntries(names.map((name) => [name, [0, 1]])),
    sum: 1,
    objective: 'maximize long_click',
    guardrails: ['save', 'click', 'close_up'].map((metric) => `${metric} >= 0.97 * baseline`),
    baseline: { weights: vector([0.25, 0.25, 0.25, 0.25]) },
    metrics: Object.fromEntries(names.map((metric) => [metric, { noise: 'none' }])),
    seed,
  });
}

/** The optimum less the best feasible candidate so far, by trial; the baseline not counted. */
function gaps(definition: StudyDefinition, trials: readonly Trial[]): readonly number[] {
  const bounds = guardrailBounds(definition, trials)!;
  let best = -Infinity;
  return trials.slice(1).map(({ observations }) => {
    const met = bounds.every((bound) => slackOf(bound, observations[bound.metric]!.mean) >= 0);
    if (met) best = Math.max(best, observations['long_click']!.mean);
    return problem.optimum - best;
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

describe('the problem that Ax was run on', () => {
  it('is written down here as it is there: check, baseline and bounds to 1e-12', () => {
    const { check, baseline_values: baseline, guardrail_bounds: bounds } = problem;
    for (const name of names) {
      expect(measure(vector(check.w))[name]).to.be.closeTo(check.y[name]!, 1e-12);
      expect(measure(vector([0.25, 0.25, 0.25, 0.25]))[name]).to.be.closeTo(baseline[name]!, 1e-12);
    }
    for (const [name, bound] of Object.entries(bounds)) {
      expect(0.97 * baseline[name]!).to.be.closeTo(bound, 1e-12);
    }
  });

  it(`is solved to 1e-4 by ${CANDIDATES} candidates, as the median of seeds ${SEEDS.join(', ')}`, () => {
    const curves = SEEDS.map((seed) => gaps(study(seed), runStudy(study(seed), measure, CANDIDATES)));
    for (const [i, curve] of curves.entries()) {
      const shown = [5, 10, 15, 20, 25].map((n) => curve[n - 1]!.toExponential(1)).join(', ');
      process.stdout.write(`      seed ${SEEDS[i]}: gap after 5, 10, … candidates ${shown}\n`);
    }
    for (const curve of curves) expect(curve.at(-1)).to.be.at.least(-1e-9);
    expect(median(curves.map((curve) => curve.at(-1)!))).to.be.at.most(1e-4);
  });
});
