import { expect } from 'chai';
import type { StudyEvent } from '../../src/domain/event.ts';
import { parseWith } from '../../src/domain/schema.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import { openComputePool } from '../../src/service/compute-pool.ts';
import { nextCandidates } from '../../src/service/next-candidates.ts';
import { replayedTrials, suggestedByBasis } from '../service/replayed-trials.ts';
import { expectProblem } from './exchange.ts';
import { complete, createStudy, relevanceAndSafety, suggest, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

interface Log {
  readonly events: readonly StudyEvent[];
  readonly nextPageToken: string | null;
}

describe('the event log of a study', () => {
  const service = serviceOfThisFile();
  const log = async (study: string, query = ''): Promise<Log> => {
    const answer = await service().get<Log>(`/v1/studies/${study}/events${query}`);
    expect(answer.status, answer.text).to.equal(200);
    return answer.body;
  };
  const act = (study: string, number: number, verb: string, body: object = {}) =>
    service().post(`/v1/studies/${study}/trials/${number}:${verb}`, body);

  it('is read in pages, each from the token of the one before', async () => {
    await createStudy(service(), 'pages');
    await suggest(service(), 'pages', 5);
    const all = await log('pages');
    expect(all.events.map(({ kind }) => kind)).to.deep.equal([
      'study_created',
      ...Array<string>(5).fill('trial_suggested'),
    ]);
    expect(all.nextPageToken).to.equal(null);
    const paged: StudyEvent[] = [];
    let token: string | null = '0';
    while (token !== null) {
      const page: Log = await log('pages', `?pageSize=4&pageToken=${token}`);
      paged.push(...page.events);
      token = page.nextPageToken;
    }
    expect(paged).to.deep.equal(all.events);
    for (const [query, pointer] of [
      ['pageSize=0', '/pageSize'],
      ['pageSize=1001', '/pageSize'],
      ['pageSize=x', '/pageSize'],
      ['pageToken=-1', '/pageToken'],
      ['page=2', '/page'],
    ]) {
      expectProblem(
        await service().get(`/v1/studies/pages/events?${query}`),
        422,
        'request_invalid',
        pointer,
      );
    }
    expectProblem(await service().get('/v1/studies/nowhere/events'), 404, 'study_not_found');
  });

  it('is enough to make every suggestion again, with completions, failures, voids, corrections and fixed weights between', async () => {
    await createStudy(service(), 'again', { initialTrials: 3 });
    const finish = async (trials: readonly TrialBody[]) => {
      for (const trial of trials)
        await complete(service(), 'again', trial, relevanceAndSafety(trial.weights));
    };
    await finish(await suggest(service(), 'again', 4));
    const [failed, kept, voided] = await suggest(service(), 'again', 3);
    await act('again', failed!.number, 'fail');
    await finish([voided!]);
    await finish(await suggest(service(), 'again', 1));
    await act('again', voided!.number, 'void', { reason: 'wrong day' });
    await act('again', 1, 'correct', { metrics: { relevance: 0.7, safety: 0.9 }, reason: 'recounted' });
    await suggest(service(), 'again', 2);
    await finish([kept!]);
    await suggest(service(), 'again', 1);
    const held = { count: 2, fixed: { fresh: 0.45 } };
    expect((await service().post('/v1/studies/again/trials:suggest', held)).status).to.equal(200);

    const { body: study } = await service().get<{ definition: object }>('/v1/studies/again');
    const definition = parseWith(studySchema, study.definition, 'study_invalid');
    const { body } = await service().get<{ trials: TrialBody[] }>('/v1/studies/again/trials');
    const { events } = await log('again');
    const batches = suggestedByBasis(events);
    expect(batches).to.have.length(6);
    const pool = openComputePool(1);
    for (const [{ after, pending, together, fixed }, batch] of batches) {
      let trials = replayedTrials(
        events.filter(({ sequence }) => sequence <= after),
        pending,
        body.trials,
      );
      const made = batch.map(({ trial }) => body.trials[trial!]!);
      for (let left = together; made.length > 0;) {
        // The first request also had the baseline, which is no candidate.
        if (after === 1)
          trials = [
            { ...body.trials[0]!, state: 'running', observations: {} },
            ...trials.filter(({ number }) => number > 0),
          ];
        const candidates = await nextCandidates(pool, definition, trials, left, fixed);
        left -= candidates.length;
        for (const { weights, provenance } of candidates.slice(0, made.length)) {
          const stored = made.shift()!;
          expect(weights).to.deep.equal(stored.weights);
          expect(JSON.parse(JSON.stringify(provenance))).to.deep.equal(stored.provenance);
          trials = [...trials, { ...stored, state: 'running', observations: {} }];
        }
      }
    }
    await pool.close();
  });
});
