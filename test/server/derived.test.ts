import { expect } from 'chai';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { expectProblem } from './exchange.ts';
import { complete, createStudy, relevanceAndSafety, suggest, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

/** Safety is worth half as much as relevance, and the sum of both may not fall below the baseline's. */
const DERIVED = {
  derived: {
    worth: 'relevance + 0.5 * safety',
    sum: { coefficients: { relevance: 1, safety: 1 } },
    loss: '1 - relevance',
  },
  objective: 'maximize worth',
  guardrails: ['sum >= 0.98 * baseline'],
};
/** w = relevance + safety/2 is greatest at fresh = 0.6 − (1/4)/3, where the others share what is left over. */
const BEST_FRESH = 0.6 - 1 / 12;

describe('a study whose objective is derived', () => {
  const service = serviceOfThisFile();

  /** Runs the study's baseline and candidates, each metric with the standard error given. */
  const run = async (study: string, count: number, sem?: number): Promise<TrialBody[]> => {
    const trials: TrialBody[] = [];
    while (trials.length < count) {
      const [trial] = await suggest(service(), study);
      const exact = relevanceAndSafety(trial!.weights);
      const metrics =
        sem === undefined
          ? exact
          : { relevance: { mean: exact.relevance, sem }, safety: { mean: exact.safety, sem } };
      trials.push(await complete(service(), study, trial!, metrics));
    }
    return trials;
  };
  const reportOf = async (study: string): Promise<StudyReport> =>
    (await service().get<StudyReport>(`/v1/studies/${study}:report`)).body;

  it('is stored as it was read, its trials as they were measured', async () => {
    await createStudy(service(), 'stored', DERIVED);
    const { body } = await service().get<{ definition: object }>('/v1/studies/stored');
    expect(body.definition).to.deep.include({
      derived: {
        worth: { coefficients: { relevance: 1, safety: 0.5 }, constant: 0 },
        sum: { coefficients: { relevance: 1, safety: 1 }, constant: 0 },
        loss: { coefficients: { relevance: -1 }, constant: 1 },
      },
    });
    const [baseline] = await run('stored', 1);
    expect(baseline!.metrics).to.have.all.keys('relevance', 'safety');
  });

  it('finds the best of exact parts, and reports it, its guardrail and what is only shown', async () => {
    await createStudy(service(), 'exact', DERIVED);
    const trials = await run('exact', 16);
    const { best } = await reportOf('exact');
    expect(best!.feasible).to.equal(true);
    expect(best!.weights['fresh']).to.be.closeTo(BEST_FRESH, 0.03);
    expect(Object.keys(best!.metrics)).to.deep.equal(['worth', 'sum', 'loss', 'relevance', 'safety']);
    const { relevance, safety } = relevanceAndSafety(best!.weights);
    expect(best!.metrics['worth']!.value).to.be.closeTo(relevance + safety / 2, 1e-12);
    expect(best!.metrics['loss']!.value).to.be.closeTo(1 - relevance, 1e-12);
    const baseline = relevanceAndSafety(trials[0]!.weights);
    const bound = 0.98 * (baseline.relevance + baseline.safety);
    expect(best!.guardrails[0]!).to.deep.include({ metric: 'sum', met: true, probability: null });
    expect(best!.guardrails[0]!.bound).to.be.closeTo(bound, 1e-12);
    expect(best!.guardrails[0]!.slack).to.be.closeTo(relevance + safety - bound, 1e-12);
    const { provenance } = trials.at(-1)!;
    expect(provenance.generator).to.equal('log_constrained_expected_improvement');
    expect(Object.keys(provenance.predictions)).to.deep.equal(['relevance', 'safety', 'worth', 'sum']);
    expect(Object.keys(provenance.hyperparameters)).to.deep.equal(['relevance', 'safety']);
  });

  it('gives posterior, standard error and probability where its parts have noise', async () => {
    const known = { relevance: { noise: 'known' }, safety: { noise: 'known' } };
    await createStudy(service(), 'noisy', { ...DERIVED, metrics: known });
    const trials = await run('noisy', 9, 0.01);
    expect(trials.at(-1)!.provenance.generator).to.equal('noisy_log_expected_improvement');
    const { best } = await reportOf('noisy');
    const { worth, relevance, safety } = best!.metrics;
    expect(worth!.observed.sem).to.be.closeTo(Math.hypot(0.01, 0.005), 1e-15);
    expect(worth!.posterior!.mean).to.be.closeTo(
      relevance!.posterior!.mean + safety!.posterior!.mean / 2,
      1e-12,
    );
    expect(worth!.posterior!.stddev).to.be.closeTo(
      Math.hypot(relevance!.posterior!.stddev, safety!.posterior!.stddev / 2),
      1e-12,
    );
    expect(best!.guardrails[0]!.probability).to.be.within(0.5, 1);
  });

  it('may be one of several, and has a Pareto set', async () => {
    const several = {
      ...DERIVED,
      objective: undefined,
      objectives: ['maximize worth', 'minimize loss'],
      referencePoint: { worth: 1 },
    };
    await createStudy(service(), 'several', several);
    await run('several', 7);
    const { pareto } = await reportOf('several');
    expect(pareto!.trials.length).to.be.within(1, 7);
    expect(pareto!.referencePoint['worth']).to.equal(1);
    expect(pareto!.referencePoint).to.have.all.keys('worth', 'loss');
  });

  it('takes the parts of a trial, and never what is derived from them', async () => {
    await createStudy(service(), 'refusing', DERIVED);
    const [trial] = await suggest(service(), 'refusing');
    const url = `/v1/studies/refusing/trials/${trial!.number}:complete`;
    const derived = await service().post(url, { metrics: { relevance: 1, safety: 1, worth: 1.5 } });
    expect(expectProblem(derived, 422, 'metrics_invalid', '/metrics/worth').detail).to.equal(
      'is derived: expected what it is derived from alone, relevance, safety',
    );
    const missing = await service().post(url, { metrics: { relevance: 1 } });
    expect(expectProblem(missing, 422, 'metrics_invalid', '/metrics').detail).to.equal(
      'lacks safety: expected relevance, safety',
    );
    const negative = await service().post(url, { metrics: { relevance: -2, safety: 1 } });
    expect(expectProblem(negative, 422, 'baseline_invalid', '/metrics').detail).to.equal(
      "the baseline's sum is -1, and a multiple of it needs a positive value: expected the form sum >= baseline - a, in a new study: guardrails cannot change",
    );
  });

  it('asks for no metric that is only shown, and takes it where it comes', async () => {
    const shown = {
      ...DERIVED,
      derived: { worth: 'relevance + safety', margin: 'relevance - cost' },
      guardrails: [],
    };
    await createStudy(service(), 'shown', shown);
    const [first, second] = await suggest(service(), 'shown', 2);
    await complete(service(), 'shown', first!, { relevance: 1, safety: 1 });
    await complete(service(), 'shown', second!, { relevance: 2, safety: 1, cost: 0.5 });
    const { best } = await reportOf('shown');
    expect(best!.metrics['margin']).to.deep.include({ value: 1.5, baseline: null, change: null });
  });

  it('is refused where it is not well formed, with its place in the body', async () => {
    const body = { name: 'bad', weights: { a: [0, 1], b: [0, 1] }, objective: 'maximize gain' };
    const answer = await service().post('/v1/studies', { ...body, derived: { gain: 'gain + 1' } });
    expect(expectProblem(answer, 422, 'study_invalid', '/derived/gain').detail).to.equal(
      '"gain" is derived itself: expected metrics that are measured',
    );
  });
});
