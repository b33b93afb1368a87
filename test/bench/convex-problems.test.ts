import { slackOf } from '../../acquisition/feasibility.ts';
import { expect } from 'chai';
import { Matrix, solve } from 'ml-matrix';
import { eightWeights } from '../../bench/problems/eight-weights.ts';
import type { Problem } from '../../bench/problems/problem.ts';
import { smallRegion } from '../../bench/problems/small-region.ts';
import { measuredBaseline } from '../../bench/races/run-study.ts';
import { samplePolytope } from '../../math/polytope/sampling.ts';
import { type Random, randomStream } from '../../math/random.ts';
import { encodeStudy } from '../../src/optimizer/encode.ts';
import { type GuardrailBound, guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';

/** Metrics as concave functions of the weights, which a monotone map makes of them. */
interface ConvexProblem {
  readonly problem: Problem;
  readonly concave: Readonly<Record<string, (value: number) => number>>;
  readonly binding: readonly string[];
  /** Per cent of the simplex, to its last digit. */
  readonly feasibleShare: string;
}

const asIs = (value: number): number => value;

const CONVEX: readonly ConvexProblem[] = [
  {
    problem: smallRegion,
    concave: { long_click: asIs, save: asIs, hide: (value) => -value, click: Math.log },
    binding: ['save', 'click'],
    feasibleShare: '0.4',
  },
  {
    problem: eightWeights,
    concave: { long_click: Math.log, save: Math.log, click: Math.log, close_up: Math.log },
    binding: ['save', 'click', 'close_up'],
    feasibleShare: '0.9',
  },
];

/** The bounds hold to the rounding of 17 digits. */
const BINDS = 1e-12;

/** Central differences of this step are exact to 1e-10 or so. */
const STEP = 1e-5;
const GRADIENT_TOLERANCE = 1e-8;

/** The standard error of a share of 0.9 % is then 0.02 %. */
const SAMPLES = 200_000;

/** What the shrinking search may lack, as a share of the optimum. */
const SEARCH_TOLERANCE = 2e-3;

const boundsOf = ({ study, measure }: Problem): readonly GuardrailBound[] =>
  guardrailBounds(study(0), measuredBaseline(study(0), measure))!;

const weightsOf = ({ optimum }: Problem, point: ArrayLike<number>): Record<string, number> =>
  Object.fromEntries(Object.keys(optimum!.weights).map((name, i) => [name, point[i]!]));

function isFeasible(problem: Problem, bounds: readonly GuardrailBound[], point: ArrayLike<number>): boolean {
  const measured = problem.measure(weightsOf(problem, point));
  return bounds.every((bound) => slackOf(bound, measured[bound.metric]!) >= 0);
}

function gradientOf(problem: Problem, metric: string, at: readonly number[]): readonly number[] {
  const value = (i: number, step: number): number =>
    problem.measure(weightsOf(problem, at.with(i, at[i]! + step)))[metric]!;
  return at.map((_, i) => (value(i, STEP) - value(i, -STEP)) / (2 * STEP));
}

/** A random step on the simplex, whose weights stay at zero where it would leave it. */
function stepFrom(point: readonly number[], size: number, random: Random): readonly number[] {
  const noise = point.map(() => size * random.normal());
  const mean = noise.reduce((sum, value) => sum + value, 0) / point.length;
  const moved = point.map((value, i) => Math.max(0, value + noise[i]! - mean));
  const total = moved.reduce((sum, value) => sum + value, 0);
  return moved.map((value) => value / total);
}

describe('the problems whose optimum convexity proves', () => {
  for (const { problem, concave, binding, feasibleShare } of CONVEX) {
    const { name, study, measure } = problem;
    const { polytope } = encodeStudy(study(0));
    const bounds = boundsOf(problem);
    const optimum = Object.values(problem.optimum!.weights);

    it(`${name}: every metric is concave, through a monotone map, on 2,000 chords of the simplex`, () => {
      const points = samplePolytope(polytope, 4000, randomStream(1, 'convex', name));
      for (let i = 0; i < points.length; i += 2) {
        const [a, b] = [points[i]!, points[i + 1]!];
        const middle = a.map((value, j) => (value + b[j]!) / 2);
        const [atA, atB, between] = [a, b, middle].map((point) => measure(weightsOf(problem, point)));
        for (const [metric, map] of Object.entries(concave)) {
          const chord = (map(atA![metric]!) + map(atB![metric]!)) / 2;
          expect(map(between![metric]!), metric).to.be.at.least(chord);
        }
      }
    });

    it(`${name}: its optimum meets the Karush–Kuhn–Tucker conditions, where ${binding.join(', ')} bind`, () => {
      const measured = measure(problem.optimum!.weights);
      const bound = bounds.filter((each) => Math.abs(slackOf(each, measured[each.metric]!)) < BINDS);
      expect(bound.map(({ metric }) => metric)).to.deep.equal(binding);
      const zeros = optimum.flatMap((value, i) => (value === 0 ? [i] : []));
      const sides = [
        ...bound.map(({ metric, relation }) =>
          gradientOf(problem, metric, optimum).map((slope) => (relation === '>=' ? -slope : slope)),
        ),
        ...zeros.map((i) => optimum.map((_, j) => (i === j ? -1 : 0))),
      ];
      const columns = Matrix.columnVector(optimum.map(() => 1));
      for (const side of sides) columns.addColumn(side);
      const gradient = Matrix.columnVector([...gradientOf(problem, 'long_click', optimum)]);
      const multipliers = solve(columns, gradient, true);
      const left = Matrix.sub(gradient, columns.mmul(multipliers));
      expect(left.norm()).to.be.at.most(GRADIENT_TOLERANCE);
      const [, ...ofSides] = multipliers.to1DArray();
      for (const multiplier of ofSides) expect(multiplier).to.be.above(0);
    });

    it(`${name}: ${feasibleShare} % of ${SAMPLES} points are feasible`, () => {
      const points = samplePolytope(polytope, SAMPLES, randomStream(2, 'convex', name));
      const count = points.filter((point) => isFeasible(problem, bounds, point)).length;
      expect(((100 * count) / SAMPLES).toFixed(1)).to.equal(feasibleShare);
    });

    it(`${name}: a random search whose steps shrink comes near the optimum, never above`, () => {
      const random = randomStream(3, 'convex', name);
      const points = samplePolytope(polytope, 5000, random).map((point) => [...point]);
      let best: readonly number[] = points.find((point) => isFeasible(problem, bounds, point))!;
      const valueAt = (point: readonly number[]): number => measure(weightsOf(problem, point))['long_click']!;
      for (let i = 0; i < 20_000; i++) {
        const next = stepFrom(best, 0.1 * 0.9995 ** i, random);
        if (isFeasible(problem, bounds, next) && valueAt(next) > valueAt(best)) best = next;
      }
      const short = 1 - valueAt(best) / problem.optimum!.value;
      expect(short).to.be.within(0, SEARCH_TOLERANCE);
    });
  }
});
