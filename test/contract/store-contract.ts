import { expect } from 'chai';
import { experimentRequestSchema } from '../../src/domain/experiment.ts';
import { NO_LEASE } from '../../src/domain/lease.ts';
import { TRIAL_STATES } from '../../src/domain/trial-state.ts';
import type { NewExperiment } from '../../store/experiments.ts';
import {
  getExperiment,
  insertExperiment,
  listExperiments,
  setExperimentState,
} from '../../store/experiments.ts';
import { insertReadout, lastReadout, latestReadouts, listReadouts } from '../../store/readouts.ts';
import { appendEvents, lastSequence, listEvents } from '../../store/events.ts';
import { answerKey, findKey, forgetKeysBefore, releaseKey, takeKey } from '../../store/idempotency-keys.ts';
import { giveLease } from '../../store/leases.ts';
import { insertNote, listNotes } from '../../store/notes.ts';
import { advanceImport, findImport, forgetImportsBefore, type ImportProgress } from '../../store/imports.ts';
import { inReadTransaction, inTransaction, type Store } from '../../store/open.ts';
import { findStudy, insertStudy, listStudies } from '../../store/studies.ts';
import { correctTrial, endTrial, type EndingAction } from '../../store/trial-states.ts';
import { completeTrial, getTrial, insertTrials, listTrials } from '../../store/trials.ts';
import { NOW, study, trial } from '../store/study-for-the-store.ts';

const CLIENTS = 64;
const TRIALS_EACH = 4;
const LATER = '2026-02-03T04:05:06.789Z';
const ONE = { revenue: { mean: 1, sem: null } };

/** What any store must do, whatever is under it. `open` gives a new, empty one; `close` is called after each test. */
export function describeStore(
  name: string,
  open: () => Promise<Store>,
  close: (store: Store) => Promise<void>,
): void {
  describe(`the contract of a store: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    });
    afterEach(async () => close(store));

    it('gives each of 64 clients at once trials of its own, and loses no completion', async () => {
      const owners = new Map<number, number>();
      const work = async (client: number): Promise<void> => {
        for (let i = 0; i < TRIALS_EACH; i++) {
          const number = await claimNext(store, client);
          expect(owners.has(number), `trial ${number} was given twice`).to.equal(false);
          owners.set(number, client);
          const observations = { revenue: { mean: client, sem: number } };
          expect(await completeTrial(store, 'one', number, observations, LATER)).to.equal(true);
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));
      const stored = await listTrials(store, 'one');
      expect(stored.map(({ number }) => number)).to.deep.equal(
        Array.from({ length: CLIENTS * TRIALS_EACH }, (_, i) => i + 1),
      );
      for (const { number, state, observations, clientId } of stored) {
        expect(state).to.equal('completed');
        expect(clientId).to.equal(`client-${owners.get(number)}`);
        expect(observations).to.deep.equal({ revenue: { mean: owners.get(number), sem: number } });
      }
    });

    it('completes a trial once, though 64 clients complete it at once', async () => {
      await insertTrials(store, 'one', [trial(1)], NOW);
      const completed = await Promise.all(
        Array.from({ length: CLIENTS }, (_, client) =>
          completeTrial(store, 'one', 1, { revenue: { mean: client, sem: null } }, LATER),
        ),
      );
      const winners = completed.flatMap((won, client) => (won ? [client] : []));
      expect(winners).to.have.length(1);
      expect((await getTrial(store, 'one', 1)).observations['revenue']!.mean).to.equal(winners[0]);
    });

    it('gives a lease to one of those who saw the same, and extends it for its holder', async () => {
      await insertTrials(store, 'one', [trial(1)], NOW);
      const given = await Promise.all(
        Array.from({ length: CLIENTS }, (_, i) =>
          giveLease(store, 'one', 1, NO_LEASE, { clientId: `client-${i}`, leaseExpiresAt: 1000 + i }),
        ),
      );
      expect(given.filter(Boolean)).to.have.length(1);
      const { clientId, leaseExpiresAt } = await getTrial(store, 'one', 1);
      expect(leaseExpiresAt).to.equal(1000 + given.indexOf(true));
      const longer = { clientId, leaseExpiresAt: 9_007_199_254_740_991 };
      expect(await giveLease(store, 'one', 1, { clientId, leaseExpiresAt }, longer)).to.equal(true);
      expect(await getTrial(store, 'one', 1)).to.include(longer);
      await completeTrial(store, 'one', 1, ONE, LATER);
      expect(await giveLease(store, 'one', 1, longer, NO_LEASE), 'no lease of what has ended').to.equal(
        false,
      );
      expect(await getTrial(store, 'one', 1)).to.include({ clientId, leaseExpiresAt: null });
    });

    it('ends a trial as its state allows, with the reason, and keeps when it stopped running and what was measured', async () => {
      const endings: readonly EndingAction[] = ['fail', 'infeasible', 'abandon'];
      await insertTrials(store, 'one', [trial(1), trial(2), trial(3), trial(4)], NOW);
      for (const [i, action] of endings.entries()) {
        const end = () => endTrial(store, 'one', i + 1, action, { reason: action, at: NOW });
        expect(await end()).to.equal(true);
        expect(await end()).to.equal(false);
      }
      await completeTrial(store, 'one', 4, ONE, NOW);
      const voided = await Promise.all(
        [1, 2, 3, 4, 5].map((number) =>
          endTrial(store, 'one', number, 'void', { reason: 'wrong', at: LATER }),
        ),
      );
      expect(voided).to.deep.equal([true, true, false, true, false]);
      const stored = await listTrials(store, 'one');
      expect(stored.map(({ state }) => state)).to.deep.equal(['voided', 'voided', 'abandoned', 'voided']);
      expect(stored.map(({ reason }) => reason)).to.deep.equal(['wrong', 'wrong', 'abandon', 'wrong']);
      for (const { completedAt } of stored) expect(completedAt).to.equal(NOW);
      expect(stored[3]!.observations).to.deep.equal(ONE);
    });

    it('knows every state, and no other', async () => {
      for (const [i, state] of TRIAL_STATES.entries()) {
        await insertTrials(store, 'one', [trial(i + 1)], NOW);
        const ended = state === 'running' ? null : LATER;
        await store
          .updateTable('trials')
          .set({ state, completed_at: ended })
          .where('number', '=', i + 1)
          .execute();
      }
      expect((await listTrials(store, 'one')).map(({ state }) => state)).to.deep.equal([...TRIAL_STATES]);
      const other = store
        .updateTable('trials')
        .set({ state: 'lost' as 'running' })
        .execute();
      expect(await other.catch((error: unknown) => error)).to.be.instanceOf(Error);
    });

    it('replaces the observations of a completed trial, and of no other', async () => {
      await insertTrials(store, 'one', [trial(1), trial(2)], NOW);
      await completeTrial(store, 'one', 1, { ...ONE, cost: { mean: 2, sem: 0.5, n: 7 } }, NOW);
      const corrected = { revenue: { mean: 3, sem: 0.25, n: 9_007_199_254_740_991 } };
      expect(await correctTrial(store, 'one', 1, corrected)).to.equal(true);
      expect(await correctTrial(store, 'one', 2, corrected)).to.equal(false);
      expect(await getTrial(store, 'one', 1)).to.deep.include({
        observations: corrected,
        state: 'completed',
      });
      expect((await getTrial(store, 'one', 2)).observations).to.deep.equal({});
    });

    it('numbers the events of each study from 1 without gaps, whoever tells them at once, and pages through them', async () => {
      await insertStudy(store, { definition: study('two'), logFingerprint: null, createdAt: NOW });
      await Promise.all(
        Array.from({ length: CLIENTS }, (_, i) =>
          appendEvents(store, i % 4 === 0 ? 'two' : 'one', { actor: `client-${i}`, at: NOW }, [
            { kind: 'trial_suggested', trial: i, payload: { i } },
            { kind: 'trial_completed', trial: i, payload: { metrics: { revenue: 5e-324 } } },
          ]),
        ),
      );
      for (const [id, clients] of [
        ['one', 48],
        ['two', 16],
      ] as const) {
        const events = [];
        for (let after = 0; ; after = events.at(-1)!.sequence) {
          const page = await listEvents(store, id, after, 7);
          events.push(...page);
          if (page.length < 7) break;
        }
        expect(events.map(({ sequence }) => sequence)).to.deep.equal(
          Array.from({ length: 2 * clients }, (_, i) => i + 1),
        );
        expect(await lastSequence(store, id)).to.equal(2 * clients);
        for (let i = 0; i < events.length; i += 2) {
          const [suggested, completed] = [events[i]!, events[i + 1]!];
          expect(suggested).to.deep.include({ kind: 'trial_suggested', payload: { i: suggested.trial } });
          expect(suggested.actor).to.equal(`client-${suggested.trial}`);
          expect(completed).to.deep.include({
            trial: suggested.trial,
            payload: { metrics: { revenue: 5e-324 } },
          });
        }
      }
    });

    it('keeps notes of each trial in their order', async () => {
      await insertTrials(store, 'one', [trial(1), trial(2)], NOW);
      const texts = ['ä "quoted"', "'; drop table notes; --", '🙂\u0000'];
      for (const text of texts) await insertNote(store, 'one', 1, { actor: 'ann', at: NOW }, text);
      await insertNote(store, 'one', 2, { actor: 'bob', at: LATER }, 'other');
      expect(await listNotes(store, 'one', 1)).to.deep.equal(
        texts.map((text, i) => ({ number: i + 1, at: NOW, author: 'ann', text })),
      );
      const lost = insertNote(store, 'one', 9, { actor: 'ann', at: NOW }, 'of no trial');
      expect(await lost.catch((error: unknown) => error)).to.be.instanceOf(Error);
    });

    it('gives a key to one process, which alone can answer or release it', async () => {
      const key = { owner: 'ann', keyHash: 'k', requestHash: 'r' };
      const answer = { status: 201, location: '/v1/x', body: '{"a":1}' };
      expect(await findKey(store, key)).to.equal(undefined);
      await takeKey(store, key, 'p1', 100);
      expect(await findKey(store, key)).to.deep.equal({ requestHash: 'r', instance: 'p1', answer: null });
      await takeKey(store, key, 'p2', 200);
      expect(await answerKey(store, key, 'p1', answer)).to.equal(false);
      await releaseKey(store, key, 'p1');
      expect(await answerKey(store, key, 'p2', answer)).to.equal(true);
      await releaseKey(store, key, 'p2');
      expect(await findKey(store, key)).to.deep.equal({ requestHash: 'r', instance: null, answer });
      expect(await findKey(store, { ...key, owner: 'bob' }), 'another owner’s').to.equal(undefined);
      await forgetKeysBefore(store, 200);
      expect(await findKey(store, key)).to.not.equal(undefined);
      await forgetKeysBefore(store, 201);
      expect(await findKey(store, key)).to.equal(undefined);
    });

    it('lets one of 64 requests take an import on from where they saw it, and forgets it by its age', async () => {
      const key = { owner: 'ann', keyHash: 'k' };
      let seen: ImportProgress | undefined;
      for (const trials of [1, 2, 3]) {
        const taken = await Promise.all(
          Array.from({ length: CLIENTS }, () => advanceImport(store, key, seen, reached(trials), trials)),
        );
        expect(taken.filter(Boolean)).to.have.length(1);
        seen = reached(trials);
        expect(await findImport(store, key)).to.deep.equal(seen);
      }
      expect(await findImport(store, { ...key, owner: 'bob' })).to.equal(undefined);
      await forgetImportsBefore(store, 3);
      expect(await findImport(store, key)).to.deep.equal(seen);
      await forgetImportsBefore(store, 4);
      expect(await findImport(store, key)).to.equal(undefined);
    });

    it('keeps experiments with their arms in order, each under a name of its own', async () => {
      const occasion = { actor: 'ann', at: NOW };
      const first = experiment(1);
      await insertExperiment(store, 'one', first, occasion);
      const stored = { ...first, study: 'one', createdBy: 'ann', createdAt: NOW };
      const untouched = { state: 'planned', startedAt: null, endedAt: null, reason: null };
      expect(await listExperiments(store, 'one')).to.deep.equal([{ ...stored, ...untouched }]);
      expect(await getExperiment(store, 'one', 1)).to.deep.equal({ ...stored, ...untouched });
      const again = await insertExperiment(store, 'one', { ...experiment(2), name: 'one-1' }, occasion).catch(
        (error: unknown) => error,
      );
      expect(String(again)).to.include('"one-1" is the name of experiment 1 of study "one"');
      await setExperimentState(store, 'one', 1, 'running', { startedAt: LATER });
      await setExperimentState(store, 'one', 1, 'ended', { endedAt: LATER, reason: 'over' });
      expect(await getExperiment(store, 'one', 1)).to.deep.equal({
        ...stored,
        state: 'ended',
        startedAt: LATER,
        endedAt: LATER,
        reason: 'over',
      });
      const missing = await getExperiment(store, 'one', 2).catch((error: unknown) => error);
      expect(missing).to.include({ code: 'experiment_not_found' });
      expect(await listExperiments(store, 'other')).to.deep.equal([]);
    });

    it('keeps every readout of an experiment, to the bit, and knows the last of each', async () => {
      const occasion = { actor: 'ann', at: NOW };
      for (const number of [1, 2]) await insertExperiment(store, 'one', experiment(number), occasion);
      const readout = {
        window: { start: '2026-01-01', end: '2026-01-02T03:04:05Z' },
        units: { baseline: 3, a: 2 },
        metrics: {
          revenue: {
            kind: 'volume' as const,
            adjusted: true,
            arms: { baseline: { mean: 5e-324, sem: 0.1 }, a: { mean: -0.1, sem: 1 / 3 } },
          },
        },
      };
      const finding = {
        gate: 'sample_ratio',
        severity: 'refuse',
        metric: null,
        arm: 'a',
        message: 'odd',
      } as const;
      const stored = [
        [1, 1],
        [1, 2],
        [2, 1],
      ].map(([number, revision]) => ({
        experiment: number!,
        revision: revision!,
        contentHash: `${number}${revision}`.repeat(32),
        readout,
        findings: [finding],
        forced: ['sample_ratio' as const],
        forceReason: revision === 1 ? 'a bot, "known"' : null,
      }));
      for (const each of stored) await insertReadout(store, 'one', each, occasion);
      const all = stored.map((each) => ({ ...each, importedBy: 'ann', importedAt: NOW }));
      expect(await listReadouts(store, 'one', 1)).to.deep.equal(all.slice(0, 2));
      expect(await lastReadout(store, 'one', 1)).to.deep.equal(all[1]);
      expect(await lastReadout(store, 'one', 3)).to.equal(undefined);
      expect(await latestReadouts(store, 'one')).to.deep.equal(all.slice(1));
    });

    it('undoes all of a transaction that fails, while others go on', async () => {
      const failing = Array.from({ length: CLIENTS }, (_, i) =>
        inTransaction(store, async (transaction) => {
          await insertTrials(transaction, 'one', [trial(i + 1)], NOW);
          await appendEvents(transaction, 'one', { actor: 'x', at: NOW }, [
            { kind: 'trial_suggested', trial: i + 1, payload: {} },
          ]);
          if (i % 2 === 0) throw new RangeError('on purpose');
        }).then(
          () => true,
          () => false,
        ),
      );
      const outcomes = await Promise.all(failing);
      expect(outcomes).to.deep.equal(outcomes.map((_, i) => i % 2 === 1));
      const numbers = (await listTrials(store, 'one')).map(({ number }) => number);
      expect(numbers).to.deep.equal(outcomes.flatMap((stored, i) => (stored ? [i + 1] : [])));
      const events = await listEvents(store, 'one', 0, 1000);
      expect(events.map(({ trial: number }) => number)).to.have.members(numbers);
      expect(events.map(({ sequence }) => sequence)).to.deep.equal(events.map((_, i) => i + 1));
    });

    it('shows a reader one state, whatever is written meanwhile', async () => {
      const [before, after] = await Promise.all([
        inReadTransaction(store, async (transaction) => {
          const first = await listStudies(transaction);
          await new Promise((resolve) => setTimeout(resolve, 20));
          return [first, await listStudies(transaction)] as const;
        }),
        insertStudy(store, { definition: study('meanwhile'), logFingerprint: null, createdAt: NOW }),
      ]);
      expect(before[0]).to.deep.equal(before[1]);
      expect(after).to.equal(true);
      expect(await findStudy(store, 'meanwhile')).to.not.equal(undefined);
    });
  });
}

function experiment(number: number): NewExperiment {
  const window = { start: '2026-01-01', end: '2026-01-15' };
  const arm = { share: 1 / 3, reason: 'x', offline: null };
  return {
    number,
    name: `one-${number}`,
    window,
    units: 1e11,
    coverage: 0.1,
    unit: 'visitor',
    arms: [
      { ...arm, name: 'baseline', kind: 'baseline', generator: 'baseline', weights: { a: 0.1, b: 0.9 } },
      { ...arm, name: 'z', kind: 'hand_picked', generator: 'hand_picked', weights: { a: 0.2, b: 0.8 } },
      {
        ...arm,
        name: 'a',
        kind: 'suggested',
        generator: 'thompson',
        weights: { a: 1 / 3, b: 1 - 1 / 3 },
        offline: { revenue: 5e-324 },
      },
    ],
    provenance: {
      seed: 7,
      request: experimentRequestSchema.parse({ window }),
      readouts: [{ experiment: 1, revision: 2 }],
      trials: [0, 3],
      spreads: { a: 0.25, b: 0 },
      after: 12,
      merged: [{ name: 'b', into: 'a', agreement: 0.99 }],
      notes: ['nothing'],
    },
  };
}

function reached(trials: number): ImportProgress {
  return { studyId: 'one', trials, digest: `d${trials}`, first: 1, last: trials, isWhole: trials > 2 };
}

/** Claims the next free number for the client, as a suggestion does: looks, and stores unless another was faster. */
export async function claimNext(store: Store, client: number): Promise<number> {
  for (;;) {
    const last = await store
      .selectFrom('trials')
      .select('number')
      .where('study_id', '=', 'one')
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    const number = (last?.number ?? 0) + 1;
    const lease = { clientId: `client-${client}`, leaseExpiresAt: null };
    if ((await insertTrials(store, 'one', [trial(number)], NOW, lease)) === 1) return number;
  }
}
