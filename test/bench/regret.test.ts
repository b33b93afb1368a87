import { expect } from 'chai';
import { bestFeasible, gapOf } from '../../bench/races/best-feasible.ts';
import { type ExactRace, gapCurves, referenceOf } from '../../bench/races/exact-race.ts';
import { gapFigures, shownTrials } from '../../bench/races/gap-summary.ts';
import { gapTables, worstCell } from '../../bench/races/gap-table.ts';
import { median } from '../../bench/median.ts';
import { nextBatch } from '../../bench/races/next-batch.ts';
import { noisyFigures } from '../../bench/races/noisy-summary.ts';
import { noisyTable } from '../../bench/races/noisy-table.ts';
import { type NamedTrial, runNoisyStudy } from '../../bench/races/noisy-study.ts';
import { axCurve, fourWeights } from '../../bench/problems/four-weights.ts';
import { gardner2 } from '../../bench/problems/gardner2.ts';
import { gramacy } from '../../bench/problems/gramacy.ts';
import { mixture } from '../../bench/problems/mixture.ts';
import { nextSobolBatch, runSobol, sobolCandidates } from '../../bench/races/run-sobol.ts';
import { measuredBaseline, nextCandidate, runStudy, running } from '../../bench/races/run-study.ts';
import { STORED_MEDIANS } from '../../bench/races/stored-medians.ts';
import { trialsAboveAx } from '../../bench/races/trials-above-ax.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { completedTrial } from '../optimizer/small-study-definition.ts';

/** A gap is the difference of two values near 1. */
const ROUNDING = 1e-15;

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

  it('of 100 candidates are those of 30, of 50 and of the last', () => {
    const counts = Object.keys(gapFigures('a', [Array<number>(100).fill(1)], 100)).filter((name) =>
      name.startsWith('a_gap_median'),
    );
    expect(counts).to.deep.equal(['a_gap_median_30', 'a_gap_median_50', 'a_gap_median_100']);
  });

  it('of named trials count a violation as no gap, and apart from runs that name none', () => {
    const optimum = gardner2.optimum!.value;
    const runs = [
      named(optimum + 1, true),
      named(optimum + 2, true),
      named(optimum - 1, false),
      named(optimum, true),
      [undefined],
    ];
    const race = { problem: gardner2, method: 'pondera', batch: 8, runs } as const;
    const figures = { gap_median: 2, violated_share: 0.2, unnamed_share: 0.2 };
    const entries = Object.entries(figures);
    expect(noisyFigures({ ...race, runs: [...runs] })).to.deep.equal(
      Object.fromEntries(entries.map(([name, value]) => [`gardner2_noisy_q8_${name}`, value])),
    );
    expect(noisyFigures({ ...race, method: 'Sobol', runs: [...runs] })).to.deep.equal(
      Object.fromEntries(entries.map(([name, value]) => [`sobol_gardner2_noisy_q8_${name}`, value])),
    );
    expect(noisyTable([{ ...race, runs: [...runs] }]).split('\n')).to.deep.equal([
      'trial named as best, noise of 2 %, batches of 8  method   after                 8',
      'gardner2                                         pondera  median true gap  2.0e+0',
      '                                                          truly violates     20 %',
      '                                                          names none         20 %',
    ]);
  });
});

describe('the tables of gaps', () => {
  const optimum = gramacy.optimum!.value;
  const race: ExactRace = {
    problem: gramacy,
    bests: new Map([
      ['pondera', [Array<number>(20).fill(optimum + 0.5), Array<number>(20).fill(optimum + 0.25)]],
      ['Sobol', [[...Array<undefined>(10).fill(undefined), ...Array<number>(10).fill(optimum + 1)]]],
    ]),
  };

  it('have the median beside the stored medians of other engines, then the worst', () => {
    expect(gapTables([race], 20).split('\n')).to.deep.equal([
      'median gap after  method          runs      10      15      20',
      'gramacy           pondera            2  3.8e-1  3.8e-1  3.8e-1',
      'gramacy           Sobol              1    none  1.0e+0  1.0e+0',
      'gramacy           Optuna, stored                        4.0e-4',
      '',
      'worst gap after  method   runs         10      15      20',
      'gramacy          pondera     2     5.0e-1  5.0e-1  5.0e-1',
      'gramacy          Sobol       1  none in 1  1.0e+0  1.0e+0',
    ]);
  });

  it('count the runs without a feasible candidate', () => {
    expect(worstCell([[undefined], [1], [undefined]], 1)).to.equal('none in 2');
  });

  it('take the best of all methods for the optimum that nobody knows', () => {
    const unknown: ExactRace = { ...race, problem: { ...gramacy, optimum: undefined } };
    expect(referenceOf(unknown)).to.equal(optimum + 0.25);
    for (const [i, gap] of [0.25, 0].entries()) {
      expect(gapCurves(unknown, 'pondera')[i]![0]).to.be.closeTo(gap, ROUNDING);
    }
  });
});

describe('the stored medians', () => {
  it('of Ax are those of its runs: candidate 25 has the mean of the middle two of four', () => {
    const ax = STORED_MEDIANS.find(({ engine }) => engine === 'Ax')!;
    const last = axCurve.ax.runs.map(({ gap_by_trial }) => gap_by_trial.at(-1)!).toSorted((a, b) => a - b);
    expect(ax.medians.get(25)).to.equal((last[1]! + last[2]!) / 2);
    expect(ax.medians.has(26)).to.equal(false);
  });

  it('of Ax are above, or not, from candidate 15 on', () => {
    const { medians } = STORED_MEDIANS.find(({ engine }) => engine === 'Ax')!;
    const tie = Array.from({ length: 30 }, (_, i) => medians.get(i + 1));
    expect(trialsAboveAx([tie])).to.equal(0);
    expect(trialsAboveAx([tie.slice(0, 24)])).to.equal(undefined);
    expect(trialsAboveAx([tie.with(9, 10).with(19, 10).with(20, undefined)])).to.equal(2);
  });
});

describe('the runs', () => {
  it('of Sobol points are those of their seed', () => {
    expect(sobolRun(1)).to.deep.equal(sobolRun(1));
    expect(sobolRun(1)).not.to.deep.equal(sobolRun(2));
    expect(sobolRun(1).map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('take Sobol points batch by batch in their order', () => {
    const definition = fourWeights.study(1);
    const baseline = measuredBaseline(definition, fourWeights.measure);
    const first = nextSobolBatch(definition, baseline, 3);
    const known = [...baseline, ...first.map((candidate, i) => running(i + 1, candidate))];
    expect([...first, ...nextSobolBatch(definition, known, 4)]).to.deep.equal(sobolCandidates(definition, 7));
  });

  it('choose a batch as one candidate after another with those before running', () => {
    const definition = fourWeights.study(1);
    for (const completed of [3, 6]) {
      const trials = runStudy(definition, fourWeights.measure, completed);
      const known = [...trials];
      for (let i = 1; i <= 4; i++) {
        known.push(running(completed + i, nextCandidate(definition, known)));
      }
      const batch = nextBatch(definition, trials, 4);
      expect(batch.map(({ weights }) => weights)).to.deep.equal(
        known.slice(trials.length).map(({ weights }) => weights),
      );
    }
  });

  it('with noise name a trial after each batch, by its value without noise', () => {
    const names = runNoisyStudy(mixture, nextBatch, 1, 4, 2);
    expect(names).to.deep.equal(runNoisyStudy(mixture, nextBatch, 1, 4, 2));
    expect(names.length).to.equal(2);
    for (const trial of names) {
      expect(trial!.feasible).to.equal(true);
      expect(trial!.value).to.be.within(9, 17.385);
    }
  });
});
