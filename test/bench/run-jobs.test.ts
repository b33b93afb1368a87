import { expect } from 'chai';
import { bestFeasible } from '../../bench/races/best-feasible.ts';
import { gardner2 } from '../../bench/problems/gardner2.ts';
import { mixture } from '../../bench/problems/mixture.ts';
import type { ExactRace } from '../../bench/races/exact-race.ts';
import { runExactRaces } from '../../bench/races/run-exact-races.ts';
import { runJobs } from '../../bench/run-jobs.ts';
import { runNoisyRaces } from '../../bench/races/run-noisy-races.ts';
import { runNoisyStudy } from '../../bench/races/noisy-study.ts';
import { nextSobolBatch, runSobol } from '../../bench/races/run-sobol.ts';
import { runStudy } from '../../bench/races/run-study.ts';

async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('races in processes beside each other', () => {
  it('have the runs of each method by seed, as one process has them; gaps that do not exist survive', async () => {
    const told: ExactRace[] = [];
    const races = await runExactRaces({
      trials: 6,
      python: 'not asked for',
      processes: 2,
      problems: [gardner2, mixture],
      runs: new Map([
        ['pondera', 1],
        ['Sobol', 2],
      ]),
      onRace: (race) => told.push(race),
    });
    expect(told).to.have.members([...races]);
    for (const { problem, bests } of races) {
      const { study, measure } = problem;
      const sobol = [0, 1].map((seed) => bestFeasible(study(seed), runSobol(study(seed), measure, 6)));
      expect(bests.get('Sobol')).to.deep.equal(sobol);
      expect(bests.get('pondera')).to.deep.equal([bestFeasible(study(0), runStudy(study(0), measure, 6))]);
    }
    expect(races[0]!.bests.get('Sobol')![0]![0]).to.equal(undefined);
  });

  it('with noise have whole batches, of each size by each method', async () => {
    const races = await runNoisyRaces({
      problems: [mixture],
      batches: [3, 4],
      trials: 10,
      seeds: 2,
      processes: 2,
      onRace: () => undefined,
    });
    expect(
      races.map(({ method, batch, runs }) => [method, batch, runs.map((run) => run.length)]),
    ).to.deep.equal([
      ['pondera', 3, [3, 3]],
      ['Sobol', 3, [3, 3]],
      ['pondera', 4, [2, 2]],
      ['Sobol', 4, [2, 2]],
    ]);
    expect(races[3]!.runs[1]).to.deep.equal(runNoisyStudy(mixture, nextSobolBatch, 1, 4, 2));
  });

  it('fail where a process ends before its answer', async () => {
    const script = new URL('../../bench/median.js', import.meta.url);
    const message = await rejection(runJobs<string, number>(script, ['a job'], 2, () => undefined));
    expect(message).to.match(/median\.js ended with code 0 before its answer$/);
  });
});
