import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { randomStream } from '../../math/random.ts';
import { experimentRequestSchema } from '../../src/domain/experiment.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { type ComputePool, openComputePool } from '../../src/service/compute-pool.ts';
import { createExperiment } from '../../src/service/create-experiment.ts';
import { evaluatedMetrics } from '../../src/service/evaluated-metrics.ts';
import { armLog } from '../../src/service/log-arms.ts';
import { onlineEvidence, onlineMoment } from '../../src/service/online-evidence.ts';
import { resumeStudy } from '../../src/service/resume-study.ts';
import type { ServiceContext } from '../../src/service/service-context.ts';
import { settleOnline } from '../../src/service/settle-online.ts';
import { createStudyQueue } from '../../src/service/study-queue.ts';
import { withDefaults } from '../../src/service/sweep-defaults.ts';
import { listEvents } from '../../store/events.ts';
import { openStore, type Store } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';
import { generatedLog } from '../evaluator/generated-log.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const WINDOW = { start: '2026-02-01', end: '2026-02-15' };
const ONLINE = {
  metrics: {
    saves: { kind: 'volume', offline: 'worth' },
    clicks: { kind: 'propensity', offline: 'click.ndcg@5' },
  },
  objective: 'maximize saves',
};
const FILE = {
  name: 'logged',
  log: { path: 'log.csv', request: 'r' },
  heads: { click: { score: 's', label: 'y' }, save: { score: 't', label: 'z' } },
  weights: { click: [0, 1], save: [0, 1] },
  sum: 1,
  derived: { worth: 'save.map + 0.5 * click.map' },
  objective: 'maximize click.average_precision',
  report: [],
  baseline: { weights: { click: 0.5, save: 0.5 } },
};
const request = (changes: object) => experimentRequestSchema.parse({ window: WINDOW, ...changes });
const file = (online?: object): StudyDefinition => studySchema.parse({ ...FILE, ...(online && { online }) });

describe('experiments of a study with a log', () => {
  let log: EngagementLog;
  let pool: ComputePool;
  let store: Store;
  let context: ServiceContext;
  const onLog = async () => armLog(file(ONLINE), log, pool);

  before(async () => {
    const random = randomStream(3, 'arms on a log');
    log = generatedLog(random, {
      users: 60,
      requestsPerUser: 2,
      rowsPerRequest: 12,
      levels: 0,
      weighted: false,
    });
    pool = openComputePool(1, log);
  });
  after(async () => pool.close());
  beforeEach(async () => {
    store = await openStore(':memory:');
    context = { store, pool, queue: createStudyQueue(), clock: () => NOW, actor: 'ann' };
    const definition = withDefaults(file(ONLINE));
    await insertStudy(store, { definition, logFingerprint: 'ab', createdAt: NOW });
  });
  afterEach(async () => store.destroy());

  it('measure their arms on a log at hand, as the evaluator does, and the models see that', async () => {
    const definition = file(ONLINE);
    const asked = request({ arms: 3, promised: 0 });
    const { arms } = await createExperiment(context, 'logged', asked, onLog);
    const metrics = evaluatedMetrics(definition, log);
    expect(metrics.map(({ name }) => name)).to.have.members([
      'click.average_precision',
      'save.map',
      'click.map',
      'click.ndcg@5',
    ]);
    for (const { weights, offline } of arms) {
      const ordering = { weights: Float64Array.of(weights['click']!, weights['save']!) };
      const values = evaluate(log, ordering, metrics, createEvaluationScratch(log));
      expect(Object.keys(offline!)).to.have.members(['worth', 'click.ndcg@5']);
      expect(offline!['click.ndcg@5']).to.equal(values['click.ndcg@5']);
      expect(offline!['worth']).to.be.closeTo(values['save.map']! + 0.5 * values['click.map']!, 1e-12);
    }
    const { evidence } = onlineEvidence(await onlineMoment(store, 'logged'));
    expect(evidence.logged.map(({ weights }) => weights)).to.deep.equal(arms.map(({ weights }) => weights));
  });

  it('store how far its heads spread, by which all later rounds see weights, with a log at hand or without', async () => {
    const definition = file(ONLINE);
    const { spreads: told } = armLog(definition, log, pool);
    log.heads.forEach(({ name, probability }) => {
      const mean = probability.reduce((sum, p) => sum + p / probability.length, 0);
      const squares = probability.reduce((sum, p) => sum + (p - mean) ** 2, 0);
      // Two passes over a thousand rows.
      expect(told[name]).to.be.closeTo(Math.sqrt(squares / probability.length), 1e-12);
    });
    const asked = request({ arms: 2, promised: 0 });
    const first = await createExperiment(context, 'logged', asked);
    expect(first.provenance.spreads).to.equal(null);
    const readOut = async () => store.updateTable('experiments').set({ state: 'read_out' }).execute();
    await readOut();
    const second = await createExperiment(context, 'logged', asked, onLog);
    expect(second.provenance.spreads).to.deep.equal(told);
    await readOut();
    const third = await createExperiment(context, 'logged', asked);
    expect(third.provenance.spreads).to.deep.equal(told);
    const moment = await onlineMoment(store, 'logged');
    expect(onlineEvidence(moment).evidence.spreads).to.deep.equal(told);
    expect(onlineEvidence(moment, 1).evidence.spreads, 'what was known at round 1').to.equal(null);
  });

  it('take weights alike where a stored provenance is from before spreads were', async () => {
    const { provenance } = await createExperiment(context, 'logged', request({ arms: 2, promised: 0 }));
    const { spreads: _spreads, ...before } = provenance;
    await store
      .updateTable('experiments')
      .set({ provenance: JSON.stringify(before) })
      .execute();
    const { experiments } = await onlineMoment(store, 'logged');
    expect(experiments[0]!.provenance).to.deep.equal({ ...before, spreads: null });
  });

  it('merge arms that rank its first rows alike, but none by hand, and keep what was merged', async () => {
    const definition = file(ONLINE);
    const baseline = { click: 0.5, save: 0.5 };
    const handPicked = [{ name: 'same', weights: baseline }];
    const all = await createExperiment(
      context,
      'logged',
      request({ arms: 6, promised: 0, handPicked, merge: { above: 1 } }),
      onLog,
    );
    expect(all.arms.map(({ name }) => name)).to.deep.equal([
      'baseline',
      'same',
      ...[1, 2, 3, 4, 5, 6].map((i) => `r1-${i}`),
    ]);
    expect(all.provenance.merged).to.deep.equal([]);
    const { agreements } = armLog(definition, log, pool);
    const taus = await agreements(
      all.arms.map(({ weights }) => weights),
      5,
    );
    const tau = (i: number, j: number): number => taus[i * 8 + j]!;
    expect(tau(0, 1)).to.equal(1);
    expect(tau(2, 5)).to.equal(tau(5, 2)).and.below(1);
    // Between the two nearest and the rest: by hand from the matrix, in order.
    const above = 0.8;
    const staying = [0, 1];
    const merged: string[] = [];
    for (let i = 2; i < 8; i++) {
      if (staying.some((j) => tau(i, j) > above)) merged.push(`r2-${i - 1}`);
      else staying.push(i);
    }
    expect(merged.length).to.be.within(1, 5);
    await store.updateTable('experiments').set({ state: 'read_out' }).execute();
    const fewer = await createExperiment(
      context,
      'logged',
      request({ arms: 6, promised: 0, handPicked: [{ weights: baseline }], merge: { above, cutoff: 5 } }),
      onLog,
    );
    expect(fewer.provenance.merged.map(({ name }) => name)).to.deep.equal(merged);
    for (const { agreement } of fewer.provenance.merged) expect(agreement).to.be.above(above);
    expect(fewer.arms).to.have.lengthOf(8 - merged.length);
    const shares = fewer.arms.map(({ share }) => share);
    expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-12);
  });

  it('let a sweep go on with another online part until they are planned for it', async () => {
    const resume = async (online?: object): Promise<string> => {
      const study = file(online);
      try {
        const resumed = await resumeStudy(store, study, withDefaults(study), 'ab', {
          actor: 'ann',
          at: NOW,
        });
        return JSON.stringify(resumed?.online?.objective.metric ?? null);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await resume()).to.equal('null');
    expect(await resume(ONLINE)).to.equal('"saves"');
    const other = { ...ONLINE, objective: 'maximize clicks' };
    expect(await resume(other)).to.equal('"clicks"');
    await settleOnline(context, 'logged', file(ONLINE).online!);
    await settleOnline(context, 'logged', file(ONLINE).online!);
    const events = await listEvents(store, 'logged', 0, 10);
    expect(
      events.map(({ kind, actor }) => [kind, actor]),
      'each as it changed: taken away, given, another, the first again',
    ).to.deep.equal([1, 2, 3, 4].map(() => ['study_changed', 'ann']));
    await createExperiment(context, 'logged', request({ arms: 2 }));
    expect(await resume({ ...ONLINE, rounds: 5 })).to.equal('"saves"');
    const expected = 'study "logged" has experiments, whose arms were chosen for its online';
    expect(await resume(other)).to.equal(`${expected}.objective: expected the same`);
    expect(await resume()).to.equal(`${expected}: expected the same`);
  });

  it('are refused where all that were chosen rank the log as the baseline does', async () => {
    const asked = request({ arms: 3, promised: 0, merge: { above: 0, cutoff: 50 } });
    const error = await createExperiment(context, 'logged', asked, onLog).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DomainError);
    expect((error as DomainError).message).to.match(
      /^has no arm beside the baseline, as the log is ranked alike by all 3 that were chosen: expected more arms, handPicked, or a larger tau/,
    );
    expect((error as DomainError).place.pointer).to.equal('/arms');
  });
});
