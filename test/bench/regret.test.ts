import { expect } from 'chai';
import { bestFeasible, gapOf } from '../../bench/best-feasible.ts';
import { gapFigures, shownTrials } from '../../bench/gap-summary.ts';
import { median } from '../../bench/median.ts';
import { noisyFigures } from '../../bench/noisy-race.ts';
import { type NamedTrial, runNoisyStudy } from '../../bench/noisy-study.ts';
import { gardner2 } from '../../bench/problems/gardner2.ts';
import { mixture } from '../../bench/problems/mixture.ts';
import { runSobol } from '../../bench/run-sobol.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { completedTrial } from '../optimizer/small-study-definition.ts';

const named = (value: number, feasible: boolean): readonly NamedTrial[] => [{ value, feasible }];
const sobolRun = (seed: number): readonly Trial[] => runSobol(mixture.study(seed), mixture.measure, 5);

describe('median', () => {
  it('is the middle value, the mean of two, and undefined where a missing value is in the middle', () => {
    expect(median([3, 1, 2])).to.equal(2);
    expect(median([4, 1, 2, 3])).to.equal(2.5);
    expect(median([undefined, 1, 2])).to.equal(2);
    expect(median([undefined, 1])).to.equal(undefined);
  });
});

describe('the gap of a run', () => {
  const definition = gardner2.study(0);
  const trials = [
    { value: 0.5, c: -0.949 },
    { value: 3, c: -0.96 },
    { value: 4, c: -0.99 },
    { value: 2, c: -0.95 },
    { value: 0, c: 0.3 },
  ].map((metrics, i) => completedTrial(i + 1, { x: 0, y: i }, metrics));

  it('is of the best candidate that meets every guardrail, none before the first', () => {
    expect(bestFeasible(definition, trials)).to.deep.equal([undefined, 3, 3, 2, 2]);
    expect(bestFeasible(definition, [completedTrial(0, null, { value: 1, c: -1 }), ...trials])).to.deep.equal(
      bestFeasible(definition, trials),
    );
  });

  it('is positive where a value falls short, in either direction', () => {
    expect(gapOf(definition, 0.25, 0.5)).to.equal(0.25);
    expect(gapOf(mixture.study(0), 17, 16.5)).to.equal(0.5);
  });
});

describe('the figures of gaps', () => {
  it('name problem and count, and leave out what does not exist', () => {
    const curves = [
      [undefined, 2],
      [undefined, 4],
      [undefined, undefined],
    ];
    expect(gapFigures('a-b', curves, 2)).to.deep.equal({
      a_b_gap_median_2: 4,
      a_b_without_feasible_2: 1,
    });
    expect(gapFigures('a-b', curves, 1)).to.deep.equal({ a_b_without_feasible_1: 3 });
  });

  it('are those of 30 candidates and of the last', () => {
    const curve = Array.from({ length: 50 }, (_, i) => 50 - i);
    expect(gapFigures('a', [curve], 50)).to.deep.equal({
      a_gap_median_30: 21,
      a_gap_worst_30: 21,
      a_without_feasible_30: 0,
      a_gap_median_50: 1,
      a_gap_worst_50: 1,
      a_without_feasible_50: 0,
    });
    expect(shownTrials(50)).to.deep.equal([10, 15, 20, 25, 30, 50]);
  });

  it('of named trials count a violation as no gap', () => {
    const optimum = gardner2.optimum!.value;
    const runs = [named(optimum + 1, true), named(optimum + 2, true), named(optimum - 1, false)];
    expect(noisyFigures({ problem: gardner2, runs }, 8)).to.deep.equal({
      gardner2_noisy_q8_gap_median: 2,
      gardner2_noisy_q8_violated_share: 1 / 3,
    });
  });
});

describe('the runs', () => {
  it('of Sobol points are those of their seed', () => {
    expect(sobolRun(1)).to.deep.equal(sobolRun(1));
    expect(sobolRun(1)).not.to.deep.equal(sobolRun(2));
    expect(sobolRun(1).map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('with noise name a trial after each batch, by its value without noise', () => {
    const names = runNoisyStudy(mixture, 1, 4, 2);
    expect(names).to.deep.equal(runNoisyStudy(mixture, 1, 4, 2));
    expect(names.length).to.equal(2);
    for (const trial of names) {
      expect(trial!.feasible).to.equal(true);
      expect(trial!.value).to.be.within(9, 17.385);
    }
  });
});
