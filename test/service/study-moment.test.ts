import { expect } from 'chai';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { TRIAL_STATES, type TrialState } from '../../src/domain/trial-state.ts';
import { randomStream } from '../../math/random.ts';
import { initialTrialsLeft } from '../../src/optimizer/initialise.ts';
import { MOST_MODELLED } from '../../src/optimizer/modelled-trials.ts';
import { trialsInPlay } from '../../src/optimizer/trials-in-play.ts';
import { storeStudy } from '../../src/service/store-study.ts';
import { latestTrials, studyMoment } from '../../src/service/study-moment.ts';
import { insertObservations } from '../../store/observations.ts';
import { inTransaction, openStore, type Store } from '../../store/open.ts';
import { insertTrials, listTrials, type StoredTrial } from '../../store/trials.ts';
import { NOW, trial } from '../store/study-for-the-store.ts';
import { temporaryDatabases } from '../server/running-service.ts';

const STUDY = parseWith(
  studySchema,
  {
    name: 'large',
    weights: { a: [0, 1], b: [0, 1] },
    sum: 1,
    objective: 'maximize gain',
    guardrails: ['cost <= 0.8'],
    initialTrials: 20,
  },
  'study_invalid',
);

/** Stores so many trials at once, each in the state and of the generator that `of` says; completed ones with metrics. */
async function fill(
  store: Store,
  count: number,
  of: (number: number) => { readonly state: TrialState; readonly generator: 'attached' | 'space_filling' },
): Promise<void> {
  const random = randomStream(1, 'large study');
  await inTransaction(store, async (transaction) => {
    await storeStudy(transaction, { definition: STUDY, logFingerprint: null, createdAt: NOW }, undefined);
    for (let number = 1; number <= count; number++) {
      const { state, generator } = of(number);
      const { provenance, ...rest } = trial(number, Math.round(random.uniform() * 1e6) / 1e6);
      await insertTrials(transaction, 'large', [{ ...rest, provenance: { ...provenance, generator } }], NOW);
      if (state === 'completed') {
        await insertObservations(transaction, 'large', number, {
          gain: { mean: random.normal(), sem: null },
          ...(number % 50 !== 0 && { cost: { mean: random.uniform(), sem: 0.1 } }),
        });
      }
      if (state === 'running') continue;
      await transaction
        .updateTable('trials')
        .set({ state, completed_at: NOW })
        .where('number', '=', number)
        .execute();
    }
  });
}

/** What a suggestion may see of a stored trial. */
function seen({ number, state, weights, provenance, observations }: StoredTrial): object {
  return { number, state, weights, generator: provenance.generator, observations };
}

describe('a study at one moment', function () {
  this.timeout(120_000);
  const databases = temporaryDatabases();
  after(() => databases.remove());

  it('has all that is in play while that can be modelled, and counts all', async () => {
    const store = await openStore(databases.file('small.db'));
    await fill(store, 1_200, (number) => ({
      state: TRIAL_STATES[number % TRIAL_STATES.length]!,
      generator: number % 5 === 0 ? 'attached' : 'space_filling',
    }));
    const moment = await studyMoment(store, 'large');
    const stored = await listTrials(store, 'large');
    const finished = stored.filter(({ state }) => state !== 'running');
    const inPlay = trialsInPlay(STUDY, finished) as readonly StoredTrial[];
    expect(moment.finished.map((each) => seen(each as StoredTrial))).to.deep.equal(inPlay.map(seen));
    expect(moment.finished.map(({ lacks }) => lacks)).to.deep.equal(inPlay.map(({ lacks }) => lacks));
    expect(moment.running.map(({ number }) => number)).to.deep.equal(
      stored.filter(({ state }) => state === 'running').map(({ number }) => number),
    );
    for (const state of TRIAL_STATES) {
      expect(moment.counts[state]).to.equal(stored.filter((each) => each.state === state).length);
    }
    const used = stored.filter(
      ({ state, provenance }) =>
        provenance.generator === 'space_filling' && state !== 'abandoned' && state !== 'voided',
    );
    expect(moment).to.include({ used: used.length, nextNumber: 1_201, hasBaseline: false, after: 1 });
    await store.destroy();
  });

  it('has 2,000 of more, the best among them, and knows how much of the design is left', async () => {
    const store = await openStore(databases.file('large.db'));
    // Seven were suggested, long ago and in the middle; all others are prior data.
    const suggested = new Set([3, 4, 1501, 1502, 1503, 1504, 1505]);
    await fill(store, 2_600, (number) => ({
      state: number % 100 === 0 ? 'voided' : 'completed',
      generator: suggested.has(number) ? 'space_filling' : 'attached',
    }));
    const moment = await studyMoment(store, 'large');
    const numbers = new Set(moment.finished.map(({ number }) => number));
    expect(numbers.size).to.be.within(MOST_MODELLED, MOST_MODELLED + suggested.size);
    for (const number of suggested) expect(numbers.has(number)).to.equal(true);
    const stored = await listTrials(store, 'large');
    const [best] = stored
      .filter(
        ({ state, observations: { cost } }) =>
          state === 'completed' && cost !== undefined && cost.mean <= 0.8,
      )
      .toSorted((a, b) => b.observations['gain']!.mean - a.observations['gain']!.mean);
    expect(numbers.has(best!.number)).to.equal(true);
    expect(moment.finished.every(({ state }) => state === 'completed')).to.equal(true);
    expect(moment.counts).to.include({ completed: 2_574, voided: 26 });
    expect(moment.used).to.equal(7);
    expect(initialTrialsLeft(STUDY, moment.finished)).to.equal(13);
    const latest = await latestTrials(store, 'large');
    expect(latest.map(({ number }) => number)).to.deep.equal(
      stored
        .filter(({ state }) => state === 'completed')
        .slice(-MOST_MODELLED)
        .map(({ number }) => number),
    );
    await store.destroy();
  });

  it('is one moment: what is stored while it is read is not in it, and waits for nobody', async () => {
    const store = await openStore(databases.file('moment.db'));
    await fill(store, 400, () => ({ state: 'completed', generator: 'space_filling' }));
    const reading = studyMoment(store, 'large');
    let stored = 400;
    const waited = { for: true };
    const writing = (async () => {
      while (waited.for) await insertTrials(store, 'large', [trial(++stored)], NOW);
    })();
    const { finished, running, nextNumber, used } = await reading;
    waited.for = false;
    await writing;
    expect(finished).to.have.length(400);
    expect(running.map(({ number }) => number)).to.deep.equal(
      Array.from({ length: nextNumber - 401 }, (_, i) => 401 + i),
    );
    expect(used).to.equal(nextNumber - 1);
    expect(stored, 'was stored meanwhile').to.be.greaterThan(nextNumber - 1);
    await store.destroy();
  });
});
