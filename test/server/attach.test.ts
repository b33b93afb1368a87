import { expect } from 'chai';
import type { ModelReport } from '../../src/optimizer/model-report.ts';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { expectProblem } from './exchange.ts';
import {
  complete,
  createStudy,
  RELEVANCE_STUDY,
  relevanceAndSafety,
  runTrials,
  suggest,
  type TrialBody,
} from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

const BASELINE = RELEVANCE_STUDY.baseline.weights;
const WEIGHTS = { fresh: 0.2, close: 0.3, liked: 0.5 };
const METRICS = { relevance: 0.5, safety: { mean: 0.25, sem: 0.125 } };
const NOISY_SAFETY = { metrics: { relevance: { noise: 'none' } } };
const DIAMETER = Math.SQRT2;
const SEPARATION = 1e-3;

const distance = (w: TrialBody['weights'], v: TrialBody['weights']): number =>
  Math.hypot(...Object.keys(w).map((name) => w[name]! - v[name]!));

describe('POST trials', () => {
  const service = serviceOfThisFile();
  const post = (study: string, body?: unknown) =>
    service().post<TrialBody>(`/v1/studies/${study}/trials`, body);
  const attach = async (study: string, body: object): Promise<TrialBody> => {
    const { status, text, body: trial } = await post(study, body);
    expect(status, text).to.equal(201);
    return trial;
  };

  before(() => createStudy(service(), 'rules', { constraints: ['close <= 2 * liked'] }));

  it('attaches a running trial of given weights, with a note, at its location', async () => {
    await createStudy(service(), 'running');
    const { status, headers, body } = await post('running', { weights: WEIGHTS, note: 'by hand' });
    expect(status).to.equal(201);
    expect(headers.location).to.equal('/v1/studies/running/trials/1');
    expect(body).to.deep.equal({
      number: 1,
      state: 'running',
      weights: WEIGHTS,
      metrics: {},
      provenance: {
        generator: 'attached',
        reason: 'weights given by the client',
        note: 'by hand',
        acquisitionValue: null,
        feasibility: [],
        predictions: {},
        nearestTrialDistance: null,
        hyperparameters: {},
      },
      clientId: null,
      leaseExpiresAt: null,
      reason: null,
      createdAt: NOW,
      completedAt: null,
    });
    expect((await service().get(headers.location!)).body).to.deep.equal(body);
    const { metrics } = await complete(service(), 'running', body, { relevance: 1, safety: 1 });
    expect(metrics.relevance).to.deep.equal({ mean: 1, sem: null });
  });

  it('completes it at once where it was measured already', async () => {
    await createStudy(service(), 'measured', NOISY_SAFETY);
    const body = await attach('measured', { weights: WEIGHTS, metrics: METRICS });
    expect(body).to.deep.include({
      number: 1,
      state: 'completed',
      metrics: { relevance: { mean: 0.5, sem: null }, safety: { mean: 0.25, sem: 0.125 } },
      createdAt: NOW,
      completedAt: NOW,
    });
    expect((await service().get('/v1/studies/measured/trials/1')).body).to.deep.equal(body);
    const again = await service().post('/v1/studies/measured/trials/1:complete', {
      metrics: { relevance: 1, safety: 1 },
    });
    expectProblem(again, 409, 'trial_state');
  });

  it('keeps the weights to the digit, in whatever order, though they miss the sum by rounding', async () => {
    await createStudy(service(), 'digits');
    const { text } = await service().raw(
      '/v1/studies/digits/trials',
      '{"weights": {"liked": 0.3000000000000001, "close": 0.1, "fresh": 0.6000000000000001}}',
    );
    expect(text).to.contain('"weights":{"fresh":0.6000000000000001,"close":0.1,"liked":0.3000000000000001}');
    const { text: stored } = await service().get('/v1/studies/digits/trials/1');
    expect(stored).to.equal(text);
  });

  it('takes the weights of another trial exactly, whoever chose them, and says which', async () => {
    await createStudy(service(), 'replicated', NOISY_SAFETY);
    const [, candidate] = await suggest(service(), 'replicated', 2);
    const replicate = await attach('replicated', { replicateOf: 1 });
    expect(replicate.weights).to.deep.equal(candidate!.weights);
    expect(replicate).to.deep.include({ number: 2, state: 'running' });
    expect(replicate.provenance).to.deep.include({
      generator: 'replicate',
      reason: 'the weights of trial 1 once more',
      replicateOf: 1,
      nearestTrialDistance: 0,
    });
    const second = await attach('replicated', { replicateOf: 2, metrics: METRICS, note: 'again' });
    expect(second).to.deep.include({ number: 3, state: 'completed', weights: candidate!.weights });
    expect(second.provenance).to.include({ replicateOf: 2, note: 'again' });
  });

  it('leaves trial 0 to the baseline, which can be replicated before it is suggested', async () => {
    await createStudy(service(), 'baseline', NOISY_SAFETY);
    const replicate = await attach('baseline', { replicateOf: 0, metrics: METRICS });
    expect(replicate).to.deep.include({ number: 1, weights: BASELINE });
    expectProblem(await service().get('/v1/studies/baseline/trials/0'), 404, 'trial_not_found');
    const [baseline, candidate] = await suggest(service(), 'baseline', 2);
    expect(baseline).to.deep.include({ number: 0, weights: BASELINE });
    expect(baseline!.provenance.generator).to.equal('baseline');
    expect(candidate).to.deep.include({ number: 2 });
    const { body: report } = await service().get<StudyReport>('/v1/studies/baseline:report');
    expect(report.counts.feasible, 'a replicate does not stand in for the baseline').to.equal(null);
  });

  for (const [when, measured] of [
    ['in the design', 1],
    ['after it', 7],
  ] as const) {
    it(`counts as pending while it runs: what is suggested ${when} keeps its distance from it`, async () => {
      const [alone, beside] = [`alone-${measured}`, `beside-${measured}`];
      for (const study of [alone, beside]) {
        await createStudy(service(), study);
        await runTrials(service(), study, measured);
      }
      const [expected] = await suggest(service(), alone);
      const { weights } = await attach(beside, { weights: expected!.weights });
      const [suggested] = await suggest(service(), beside);
      expect(distance(weights, suggested!.weights)).to.be.at.least(SEPARATION * DIAMETER);
    });
  }

  it('uses none of the budget, and leaves the design whole', async () => {
    await createStudy(service(), 'budget', { budget: 4, initialTrials: 3 });
    await createStudy(service(), 'unattached', { budget: 4, initialTrials: 3 });
    for (const fresh of [0.1, 0.2, 0.4]) {
      const weights = { fresh, close: 0.5 - fresh, liked: 0.5 };
      await attach('budget', { weights, metrics: relevanceAndSafety(weights) });
    }
    await attach('budget', { replicateOf: 0 });
    const of = async (study: string): Promise<readonly TrialBody[]> => {
      const trials = await suggest(service(), study, 4);
      for (const trial of trials) await complete(service(), study, trial, relevanceAndSafety(trial.weights));
      return [...trials, ...(await suggest(service(), study, 5))];
    };
    const [beside, plain] = [await of('budget'), await of('unattached')];
    expect(beside).to.have.length(5);
    expect(beside.slice(0, 4).map(({ weights }) => weights)).to.deep.equal(
      plain.slice(0, 4).map(({ weights }) => weights),
    );
    expect(beside[4]!.provenance.generator).to.equal('log_constrained_expected_improvement');
    expectProblem(await service().post('/v1/studies/budget/trials:suggest'), 409, 'budget_exhausted');
    await attach('budget', { replicateOf: 1 });
    const { body } = await service().get<StudyReport>('/v1/studies/budget:report');
    expect(body.counts).to.deep.include({ completed: 6, running: 3 });
  });

  it('is learnt from: prior data make the model, and repeated exact points do not break it', async () => {
    await createStudy(service(), 'prior', { initialTrials: 1 });
    await runTrials(service(), 'prior', 2);
    for (const fresh of [0.05, 0.25, 0.45, 0.65]) {
      const weights = { fresh, close: 0.25, liked: 0.75 - fresh };
      await attach('prior', { weights, metrics: relevanceAndSafety(weights) });
    }
    for (const replicateOf of [0, 0, 1, 3, 3]) {
      const { body } = await service().get<TrialBody>(`/v1/studies/prior/trials/${replicateOf}`);
      await attach('prior', { replicateOf, metrics: relevanceAndSafety(body.weights) });
    }
    await attach('prior', { replicateOf: 3 });
    const suggested = await suggest(service(), 'prior', 3);
    for (const { provenance } of suggested) {
      expect(provenance.generator).to.equal('log_constrained_expected_improvement');
      expect(provenance.nearestTrialDistance).to.be.greaterThan(0);
    }
    const { body } = await service().get<ModelReport>('/v1/studies/prior/model');
    expect(body).to.include({ observations: 11, waitingFor: null });
    expect(body.metrics['relevance']!.leaveOneOut.rSquared).to.be.within(0.5, 1);
  });

  it('is numbered without a gap among clients that attach and suggest at once', async () => {
    await createStudy(service(), 'crowd');
    await runTrials(service(), 'crowd', 1);
    const asked = Array.from({ length: 8 }, async (_, i) =>
      i % 2 === 0 ? attach('crowd', { replicateOf: 0 }) : (await suggest(service(), 'crowd'))[0]!,
    );
    const numbers = (await Promise.all(asked)).map(({ number }) => number);
    expect(numbers.sort((a, b) => a - b)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  const ranges = "the weight's range [0, 1]";
  const refused: readonly [string, unknown, string, string, string][] = [
    [
      'without a body',
      undefined,
      'request_invalid',
      '',
      'lacks weights: expected weights: {NAME: number, …} or replicateOf: NUMBER',
    ],
    [
      'with metrics alone',
      { metrics: METRICS },
      'request_invalid',
      '',
      'lacks weights: expected weights: {NAME: number, …} or replicateOf: NUMBER',
    ],
    [
      'with weights and a trial to replicate',
      { weights: WEIGHTS, replicateOf: 1 },
      'request_invalid',
      '/replicateOf',
      'stands beside weights: expected one of the two',
    ],
    [
      'with an unknown key',
      { weights: WEIGHTS, number: 7 },
      'request_invalid',
      '/number',
      'unknown key "number": expected one of weights, replicateOf, metrics, note',
    ],
    [
      'with a list for weights',
      { weights: [1] },
      'request_invalid',
      '/weights',
      'is [1]: expected a mapping NAME: number',
    ],
    [
      'with text for a weight',
      { weights: { ...WEIGHTS, fresh: '0.2' } },
      'request_invalid',
      '/weights/fresh',
      'is "0.2": expected a number',
    ],
    [
      'with a weight that is too large to square',
      { weights: { ...WEIGHTS, fresh: 1e101 } },
      'request_invalid',
      '/weights/fresh',
      'is too large: expected a number of at most 1e+100 in size',
    ],
    [
      'with an empty note',
      { weights: WEIGHTS, note: '' },
      'request_invalid',
      '/note',
      'is "": expected text of 1 to 1000 characters',
    ],
    [
      'with a weight that the study does not have',
      { weights: { ...WEIGHTS, odd: 0 } },
      'weights_invalid',
      '/weights/odd',
      'unknown weight: expected one of fresh, close, liked',
    ],
    [
      'without two weights',
      { weights: { fresh: 1 } },
      'weights_invalid',
      '/weights',
      'lacks the weights close, liked',
    ],
    [
      'with a weight below its range',
      { weights: { fresh: -0.25, close: 0.75, liked: 0.5 } },
      'weights_invalid',
      '/weights/fresh',
      `-0.25 is outside ${ranges} by 0.25`,
    ],
    [
      'with another sum',
      { weights: { fresh: 0.2, close: 0.2, liked: 0.5 } },
      'weights_invalid',
      '/weights',
      "sum to 0.9: expected the study's sum 1, 0.1 more",
    ],
    [
      'outside a linear constraint',
      { weights: { fresh: 0.25, close: 0.625, liked: 0.125 } },
      'weights_invalid',
      '/weights',
      'break the constraint close - 2 * liked <= 0 by 0.375',
    ],
    [
      'to replicate a trial that does not exist',
      { replicateOf: 99 },
      'request_invalid',
      '/replicateOf',
      'study "rules" has no trial 99: expected the number of a trial with weights',
    ],
    [
      'to replicate a negative number',
      { replicateOf: -1 },
      'request_invalid',
      '/replicateOf',
      'is -1: expected a number >= 0',
    ],
    [
      'with a metric that is missing',
      { weights: WEIGHTS, metrics: { relevance: 1 } },
      'metrics_invalid',
      '/metrics',
      'lacks safety: expected relevance, safety',
    ],
    [
      'with text for a metric',
      { weights: WEIGHTS, metrics: { relevance: '1', safety: 1 } },
      'request_invalid',
      '/metrics/relevance',
      'is "1": expected a finite number, or {mean, sem, n} of such numbers, or null',
    ],
  ];
  for (const [how, body, code, pointer, detail] of refused) {
    it(`is refused ${how}, and nothing is stored`, async () => {
      const problem = expectProblem(await post('rules', body), 422, code, pointer);
      expect(problem.detail).to.equal(detail);
      expect((await service().get('/v1/studies/rules/trials')).body).to.deep.equal({
        trials: [],
        nextPageToken: null,
      });
    });
  }

  it('is refused with all that is wrong with the weights', async () => {
    const answer = await post('rules', { weights: { fresh: 1.5, close: 0.5, liked: -0.25 } });
    const { errors } = expectProblem(answer, 422, 'weights_invalid', '/weights/fresh');
    expect(errors).to.deep.equal([
      { pointer: '/weights/fresh', detail: `1.5 is outside ${ranges} by 0.5` },
      { pointer: '/weights/liked', detail: `-0.25 is outside ${ranges} by 0.25` },
      { pointer: '/weights', detail: "sum to 1.75: expected the study's sum 1, 0.75 less" },
      { pointer: '/weights', detail: 'break the constraint close - 2 * liked <= 0 by 1' },
    ]);
  });

  it('is refused to replicate a baseline that has no weights', async () => {
    await createStudy(service(), 'stated', { baseline: { metrics: { safety: 0.8 } } });
    const answer = await post('stated', { replicateOf: 0 });
    const { detail } = expectProblem(answer, 422, 'request_invalid', '/replicateOf');
    expect(detail).to.equal(
      'trial 0 is a baseline without weights: expected the number of a trial with weights',
    );
    await createStudy(service(), 'absent', { baseline: undefined, guardrails: [] });
    expectProblem(await post('absent', { replicateOf: 0 }), 422, 'request_invalid', '/replicateOf');
  });

  it('finds no study that is not', async () => {
    expectProblem(await post('nobody', { weights: WEIGHTS }), 404, 'study_not_found');
  });
});
