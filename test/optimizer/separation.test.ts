import { expect } from 'chai';
import { completed, exactly, nextCandidate, running } from '../../bench/races/run-study.ts';
import type { Measure } from '../../bench/problems/problem.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { smallDefinition } from './small-study-definition.ts';

const BATCH = 12;
/** Shares of the diameter, as promised. */
const CONCURRENT = 1e-3;
const REPEATED = 1e-6;
/** A candidate at exactly the least distance may fall short of it by the rounding of both computations. */
const ROUNDING = 1e-12;

/** Its only maximum is where a batch would crowd, inside or at a vertex. */
const INSIDE: Measure = ({ a, b, c }) => ({
  gain: -((a! - 0.5) ** 2) - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2,
});
const AT_VERTEX: Measure = ({ a, b }) => ({ gain: a! - b! });

/** Differences of weights where a sum holds, over the diameter √2 of a simplex. */
function betweenPoints(w: Weights, v: Weights): number {
  return Math.hypot(...Object.keys(w).map((name) => w[name]! - v[name]!)) / Math.SQRT2;
}

/** Without a sum only directions count, of which non-negative ones are at most √2 apart. */
function betweenDirections(w: Weights, v: Weights): number {
  const [sizeW, sizeV] = [w, v].map((of) => Math.hypot(...Object.values(of)));
  return Math.hypot(...Object.keys(w).map((name) => w[name]! / sizeW! - v[name]! / sizeV!)) / Math.SQRT2;
}

/** So many candidates one after the other, none of them completed. */
function suggest(definition: StudyDefinition, trials: readonly Trial[], count: number): readonly Trial[] {
  const all = [...trials];
  for (let k = 0; k < count; k++) all.push(running(all.length + 1, nextCandidate(definition, all)));
  return all;
}

/** A batch, completed, and another batch, then checks every pair that was pending together and every repetition. */
function expectSeparated(
  definition: StudyDefinition,
  measure: Measure,
  distance: (w: Weights, v: Weights) => number,
  repeated: number,
): void {
  const first = suggest(definition, [], BATCH);
  const measured = first.map((trial) => completed(trial, exactly(measure(trial.weights!))));
  const second = suggest(definition, measured, BATCH).slice(BATCH);
  for (const batch of [first, second]) {
    batch.forEach(({ number, weights }, i) => {
      for (const other of batch.slice(0, i)) {
        const apart = distance(weights!, other.weights!);
        expect(apart, `trials ${other.number} and ${number}`).to.be.at.least(CONCURRENT - ROUNDING);
      }
    });
  }
  for (const { number, weights } of second) {
    for (const other of first) {
      const apart = distance(weights!, other.weights!);
      expect(apart, `trials ${other.number} and ${number}`).to.be.at.least(repeated - ROUNDING);
    }
  }
}

describe('a batch of 12', () => {
  const noisy = { metrics: { gain: { noise: 'inferred' } } };
  const exact = { metrics: { gain: { noise: 'none' } } };

  for (const [where, measure] of [
    ['inside', INSIDE],
    ['at a vertex', AT_VERTEX],
  ] as const) {
    it(`keeps 1e-3 of the diameter between its own, 1e-6 from exact trials: the best ${where}`, () => {
      expectSeparated(smallDefinition({ ...exact, seed: 1 }), measure, betweenPoints, REPEATED);
    });

    it(`keeps 1e-3 of the diameter between its own where metrics are noisy: the best ${where}`, () => {
      expectSeparated(smallDefinition({ ...noisy, seed: 2 }), measure, betweenPoints, 0);
    });

    it(`keeps 1e-3 between its directions where there is no sum: the best ${where}`, () => {
      const { sum: _, ...definition } = smallDefinition({ ...exact, seed: 3 });
      expectSeparated(definition, measure, betweenDirections, REPEATED);
    });
  }

  it('keeps its distance on a segment, where there is little room', () => {
    const definition = smallDefinition({ ...exact, weights: { a: [0, 1], b: [0, 1] } });
    expectSeparated(definition, ({ a }) => ({ gain: -((a! - 0.4) ** 2) }), betweenPoints, REPEATED);
  });
});
