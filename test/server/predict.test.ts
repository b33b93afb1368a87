import { expect } from 'chai';
import type { StudyPrediction } from '../../src/service/predict-study.ts';
import type { TrialExplanation } from '../../src/service/explain-trial.ts';
import { scopeNeeded, computes } from '../../src/server/route-rules.ts';
import { expectProblem } from './exchange.ts';
import {
  complete,
  createStudy,
  RELEVANCE_STUDY,
  relevanceAndSafety,
  runTrials,
  suggest,
} from './relevance-study.ts';
import { NOW, serviceOfThisFile } from './running-service.ts';

const MIDDLE = { fresh: 0.25, close: 0.25, liked: 0.5 };
const NOISY = { metrics: { relevance: { noise: 'known' }, safety: { noise: 'known' } } };

describe('what the models foretell', () => {
  const service = serviceOfThisFile();

  async function predict(study: string, weights: readonly object[]): Promise<StudyPrediction> {
    const answer = await service().post<StudyPrediction>(`/v1/studies/${study}:predict`, { weights });
    expect(answer.status, answer.text).to.equal(200);
    return answer.body;
  }

  async function explain(study: string, number: number): Promise<TrialExplanation> {
    const answer = await service().get<TrialExplanation>(`/v1/studies/${study}/trials/${number}:explain`);
    expect(answer.status, answer.text).to.equal(200);
    return answer.body;
  }

  for (const [what, changes] of [
    ['without noise', {}],
    ['with noise', NOISY],
    ['of a derived metric', { derived: { worth: '2 * relevance - safety' }, objective: 'maximize worth' }],
  ] as const) {
    it(`at the weights of a candidate is what the candidate says of itself, ${what}`, async () => {
      const name = `twin-${what.replaceAll(' ', '-')}`;
      await createStudy(service(), name, { initialTrials: 3, ...changes });
      for (let i = 0; i < 7; i++) {
        const [trial] = await suggest(service(), name);
        const { relevance, safety } = relevanceAndSafety(trial!.weights);
        const sem = what === 'with noise' ? { sem: 0.02 } : {};
        await complete(service(), name, trial!, {
          relevance: { mean: relevance, ...sem },
          safety: { mean: safety, ...sem },
        });
      }
      const [next] = await suggest(service(), name);
      const { predictions, feasibility } = next!.provenance;
      expect(Object.keys(predictions), 'a model has chosen it').to.include('safety');
      const found = await predict(name, [MIDDLE, next!.weights]);
      expect(found).to.include({ study: name, observations: 7, waitingFor: null });
      const [other, same] = found.predictions;
      expect(same).to.deep.equal({
        weights: next!.weights,
        predictions,
        feasibility,
        probabilityFeasible: feasibility[0]!.probability,
      });
      expect(other!.weights).to.deep.equal(MIDDLE);
      expect(other!.predictions).to.not.deep.equal(predictions);
    });
  }

  it('waits for what models wait for', async () => {
    await createStudy(service(), 'early');
    expect(await predict('early', [MIDDLE])).to.deep.equal({
      study: 'early',
      observations: 0,
      waitingFor:
        'the baseline (trial 0) is not measured yet (0 of at least 2 trials with weights completed)',
      predictions: [],
    });
  });

  const point = (weights: object): object => ({ weights: [MIDDLE, weights] });
  const refused: readonly [string, unknown, string, string][] = [
    ['no weights', {}, 'request_invalid', '/weights'],
    ['an empty list', { weights: [] }, 'request_invalid', '/weights'],
    [
      'more than a hundred',
      { weights: Array.from({ length: 101 }, () => MIDDLE) },
      'request_invalid',
      '/weights',
    ],
    ['weights that are no list', { weights: MIDDLE }, 'request_invalid', '/weights'],
    ['an unknown weight', point({ ...MIDDLE, far: 0 }), 'weights_invalid', '/weights/1/far'],
    ['a weight too few', point({ fresh: 1 }), 'weights_invalid', '/weights/1'],
    ['weights off the sum', point({ ...MIDDLE, liked: 0.6 }), 'weights_invalid', '/weights/1'],
    [
      'a weight out of its range',
      point({ fresh: -0.5, close: 1, liked: 0.5 }),
      'weights_invalid',
      '/weights/1/fresh',
    ],
  ];
  for (const [what, body, code, pointer] of refused) {
    it(`is refused with ${what}`, async () => {
      const { status } = await service().post('/v1/studies', { ...RELEVANCE_STUDY, name: 'asked' });
      expect(status).to.be.oneOf([201, 409]);
      expectProblem(await service().post('/v1/studies/asked:predict', body), 422, code, pointer);
    });
  }

  it('is refused for a study that there is not, and counts as reading that computes', async () => {
    const body = { weights: [MIDDLE] };
    expectProblem(await service().post('/v1/studies/nobody:predict', body), 404, 'study_not_found');
    expectProblem(await service().get('/v1/studies/nobody:predict'), 405, 'method_not_allowed');
    expect(scopeNeeded('POST', '/v1/studies/a:predict')).to.equal('read');
    expect(computes('/v1/studies/a:predict')).to.equal(true);
    expect(scopeNeeded('DELETE', '/v1/studies/a')).to.equal('admin');
    expect(scopeNeeded('PATCH', '/v1/studies/a')).to.equal('write');
  });

  it('is held against what came of it, in the explanation of a trial', async () => {
    await createStudy(service(), 'why', { initialTrials: 3 });
    await runTrials(service(), 'why', 8);
    const [next, beside] = await suggest(service(), 'why', 2);
    const asked = await explain('why', beside!.number);
    expect(asked).to.include({ number: 9, state: 'running' });
    expect(asked.asked).to.deep.equal({ at: NOW, actor: 'local' });
    expect(asked.basis).to.deep.equal({ after: 17, pending: [], together: 2 });
    expect(asked.predictions.map(({ observed, standardScore }) => [observed, standardScore])).to.deep.equal([
      [null, null],
      [null, null],
    ]);
    const { relevance, safety } = relevanceAndSafety(next!.weights);
    await complete(service(), 'why', next!, { relevance, safety });
    const { provenance } = next!;
    const explained = await explain('why', next!.number);
    expect(explained).to.include({
      generator: provenance.generator,
      reason: provenance.reason,
      acquisitionValue: provenance.acquisitionValue,
      nearestTrialDistance: provenance.nearestTrialDistance,
      state: 'completed',
    });
    const { mean, stddev } = provenance.predictions['relevance']!;
    expect(explained.predictions[0]).to.deep.equal({
      metric: 'relevance',
      mean,
      stddev,
      observed: { mean: relevance, sem: null },
      standardScore: (relevance - mean) / stddev,
    });
    const [guardrail] = explained.guardrails;
    const { probability } = provenance.feasibility[0]!;
    expect(guardrail).to.deep.include({ guardrail: 'safety >= 0.9 * baseline', probability });
    expect(guardrail!.foretold).to.equal(
      probability >= 0.975 ? 'met' : probability <= 0.025 ? 'violated' : 'binding',
    );
    expect(guardrail!.slack).to.be.closeTo(safety - 0.9 * (1 - 0.3333 / 2), 1e-12);
  });

  it('is nothing of a trial that no model chose', async () => {
    await createStudy(service(), 'given');
    const trials = '/v1/studies/given/trials';
    await service().post(trials, { weights: MIDDLE, note: 'by hand' });
    const explained = await explain('given', 1);
    expect(explained).to.deep.include({
      generator: 'attached',
      note: 'by hand',
      basis: null,
      predictions: [],
      guardrails: [],
    });
    expectProblem(await service().get(`${trials}/7:explain`), 404, 'trial_not_found');
    expectProblem(await service().get(`${trials}/x:explain`), 404, 'trial_not_found');
    expectProblem(await service().get('/v1/studies/nobody/trials/1:explain'), 404, 'study_not_found');
    expectProblem(await service().post(`${trials}/1:explain`), 405, 'method_not_allowed');
  });
});
