import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { parseWith } from '../../src/domain/schema.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { fitMetrics } from '../../src/service/fit-metrics.ts';
import { packTrials } from '../../src/service/packed-trials.ts';
import { rememberAnswers } from '../../src/service/remember-answers.ts';

const study = (changes: object = {}): StudyDefinition =>
  parseWith(
    studySchema,
    {
      name: 's',
      weights: { a: [0, 1], b: [0, 1] },
      sum: 1,
      objective: 'maximize gain',
      guardrails: ['cost <= 3'],
      ...changes,
    },
    'study_invalid',
  );

function trial(number: number, state: Trial['state'] = 'completed', gain = number): Trial {
  const measured = { gain: { mean: gain, sem: null }, cost: { mean: 1, sem: null } };
  return {
    number,
    state,
    weights: { a: number / 10, b: 1 - number / 10 },
    provenance: { generator: 'space_filling' },
    observations: state === 'completed' ? measured : {},
  };
}

/** A pool whose fits are told apart by when they were asked for; `fails` rejects one. */
function counting(): { readonly pool: ComputePool; readonly asked: string[]; fails: boolean } {
  const counted = {
    asked: [] as string[],
    fails: false,
    pool: {
      workers: 1,
      run: async (name: string, { metric }: { readonly metric?: string }) => {
        counted.asked.push(metric === undefined ? name : `${name} ${metric}`);
        if (counted.fails) throw new DomainError('constraints_infeasible', 'no');
        return { outputscale: counted.asked.length };
      },
    } as unknown as ComputePool,
  };
  return counted;
}

describe('rememberAnswers', () => {
  const trials = [trial(1), trial(2), trial(3)];
  const metrics = ['gain', 'cost'];

  it('fits once until something is measured: what runs or failed is no other fit', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool);
    const first = await fitMetrics(pool, study(), trials, metrics);
    const further = [...trials, trial(4, 'running'), trial(5, 'failed')];
    expect(await fitMetrics(pool, study(), further, metrics)).to.deep.equal(first);
    expect(counted.asked).to.deep.equal(['fit gain', 'fit cost']);
    expect(await fitMetrics(pool, study(), [...trials, trial(4)], metrics)).not.to.deep.equal(first);
    expect(counted.asked).to.have.length(4);
  });

  const others: readonly [string, StudyDefinition, readonly Trial[]][] = [
    ['a result that was corrected', study(), [trial(1), trial(2), trial(3, 'completed', 4)]],
    ['a trial that was voided', study(), [trial(1), trial(2), trial(3, 'voided')]],
    ['another bound', study({ guardrails: ['cost <= 2'] }), trials],
    ['another order of trials', study(), trials.toReversed()],
  ];
  for (const [what, definition, changed] of others) {
    it(`fits anew with ${what}`, async () => {
      const counted = counting();
      const pool = rememberAnswers(counted.pool);
      await fitMetrics(pool, study(), trials, metrics);
      await fitMetrics(pool, definition, changed, metrics);
      expect(counted.asked).to.have.length(4);
    });
  }

  it('lets those who ask at once wait for one fit', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool);
    const all = await Promise.all(
      Array.from({ length: 9 }, () => fitMetrics(pool, study(), trials, metrics)),
    );
    expect(counted.asked).to.have.length(2);
    for (const each of all) expect(each).to.deep.equal(all[0]);
  });

  it('remembers no failure', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool);
    counted.fails = true;
    const failed = await fitMetrics(pool, study(), trials, ['gain']).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(DomainError);
    counted.fails = false;
    expect(await fitMetrics(pool, study(), trials, ['gain'])).to.deep.equal({ gain: { outputscale: 2 } });
  });

  it('forgets what was asked for longest ago', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool, { fits: 2 });
    const fit = async (metric: string) => fitMetrics(pool, study(), trials, [metric]);
    for (const metric of ['gain', 'cost', 'gain', 'other', 'gain', 'cost']) await fit(metric);
    expect(counted.asked).to.deep.equal(['fit gain', 'fit cost', 'fit other', 'fit cost']);
  });

  it('remembers reports while no trial begins or ends, and nothing that has an answer for each who asks', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool);
    const task = { definition: study(), trials: packTrials(trials), fitted: {} };
    await pool.run('report', task);
    await pool.run('report', { ...task, trials: packTrials(trials) });
    await pool.run('report', { ...task, trials: packTrials([...trials, trial(4, 'running')]) });
    expect(counted.asked).to.deep.equal(['report', 'report']);
    await pool.run('predict', { ...task, points: [] });
    await pool.run('predict', { ...task, points: [] });
    expect(counted.asked.slice(2)).to.deep.equal(['predict', 'predict']);
  });

  it('keeps the last report of each study, and of so many studies', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool, { reports: 2 });
    const report = async (name: string, of: readonly Trial[]) =>
      pool.run('report', { definition: study({ name }), trials: packTrials(of), fitted: {} });
    const further = [...trials, trial(4)];
    for (const [name, of] of [
      ['a', trials],
      ['a', further],
      ['a', trials],
      ['b', trials],
      ['a', trials],
      ['c', trials],
      ['a', trials],
      ['b', trials],
    ] as const) {
      await report(name, of);
    }
    expect(counted.asked, 'a, a anew, a once more, b, c, b once more').to.have.length(6);
  });

  it('changes nothing: with a real pool, fits and reports are those without it, and fits those of all trials', async () => {
    const real = openComputePool(1);
    try {
      const pool = rememberAnswers(real);
      const noisy = Array.from({ length: 12 }, (_, i): Trial => {
        const a = ((i * 7) % 12) / 12;
        const gain = { mean: Math.sin(5 * a), sem: 0.1 };
        const observations = i === 5 ? {} : { gain, cost: { mean: 4 * a, sem: 0.2 } };
        return {
          ...trial(i),
          state: i === 5 ? 'failed' : 'completed',
          weights: { a, b: 1 - a },
          observations,
        };
      });
      const definition = study();
      const all = { definition, trials: packTrials(noisy) };
      const fitted = Object.fromEntries(
        await Promise.all(
          metrics.map(async (metric) => [metric, await real.run('fit', { ...all, metric })] as const),
        ),
      );
      const report = await real.run('report', { ...all, fitted });
      for (const each of ['first', 'again']) {
        expect(await fitMetrics(pool, definition, noisy, metrics), each).to.deep.equal(fitted);
        expect(await pool.run('report', { ...all, fitted }), each).to.deep.equal(report);
      }
    } finally {
      await real.close();
    }
  });

  it('takes a fit and a diagnosis of the same for two answers', async () => {
    const counted = counting();
    const pool = rememberAnswers(counted.pool);
    const task = { definition: study(), trials: packTrials(trials), metric: 'gain' };
    await pool.run('fit', task);
    await pool.run('diagnose', task);
    await pool.run('diagnose', task);
    expect(counted.asked).to.deep.equal(['fit gain', 'diagnose gain']);
  });
});
