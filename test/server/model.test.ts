import { expect } from 'chai';
import type { ModelReport } from '../../src/optimizer/model-report.ts';
import { expectProblem } from './exchange.ts';
import { complete, createStudy, relevanceAndSafety, runTrials, suggest } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

describe('the model of a study', () => {
  const service = serviceOfThisFile();
  const model = async (study: string): Promise<ModelReport> => {
    const { status, text, body } = await service().get<ModelReport>(`/v1/studies/${study}/model`);
    expect(status, text).to.equal(200);
    return body;
  };

  it('says what it waits for: the baseline, then a second observation', async () => {
    await createStudy(service(), 'waiting');
    expect(await model('waiting')).to.deep.equal({
      study: 'waiting',
      observations: 0,
      waitingFor:
        'the baseline (trial 0) is not measured yet (0 of at least 2 trials with weights completed)',
      metrics: {},
    });
    await runTrials(service(), 'waiting', 1);
    expect(await model('waiting')).to.deep.equal({
      study: 'waiting',
      observations: 1,
      waitingFor:
        'too few trials are completed to fit a model (1 of at least 2 trials with weights completed)',
      metrics: {},
    });
    await runTrials(service(), 'waiting', 1);
    expect(await model('waiting')).to.include({ observations: 2, waitingFor: null });
  });

  it('has a model of each metric that steers the study, the objective first', async () => {
    await createStudy(service(), 'smooth');
    await runTrials(service(), 'smooth', 12);
    await suggest(service(), 'smooth');
    const { study, observations, waitingFor, metrics } = await model('smooth');
    expect({ study, observations, waitingFor }).to.deep.equal({
      study: 'smooth',
      observations: 12,
      waitingFor: null,
    });
    expect(Object.keys(metrics)).to.deep.equal(['relevance', 'safety']);
    for (const metric of Object.values(metrics)) {
      expect(metric).to.deep.include({
        kernel: 'matern52',
        observations: 12,
        fittedOn: 12,
        winsorized: 0,
        noise: { kind: 'none', medianSem: null, inferredStddev: null },
      });
      expect(Object.keys(metric.lengthscales)).to.deep.equal(['fresh', 'close', 'liked']);
      expect(metric.leaveOneOut.coverage.map(({ level }) => level)).to.deep.equal([0.5, 0.9, 0.95]);
    }
    expect(metrics['relevance']!.leaveOneOut.rSquared).to.be.within(0.5, 1);
    expect(metrics['relevance']!.leaveOneOut.rankCorrelation).to.be.within(0.5, 1);
    expect(await model('smooth')).to.deep.equal(await model('smooth'));
  });

  it('gives the noise in the unit of the metric', async () => {
    await createStudy(service(), 'noisy', {
      metrics: { relevance: { noise: 'known' }, safety: { noise: 'none' } },
    });
    for (const trial of await suggest(service(), 'noisy', 5)) {
      const { relevance, safety } = relevanceAndSafety(trial.weights);
      await complete(service(), 'noisy', trial, { relevance: { mean: relevance, sem: 0.25 }, safety });
    }
    const { metrics } = await model('noisy');
    expect(metrics['relevance']!.noise).to.deep.equal({
      kind: 'known',
      medianSem: 0.25,
      inferredStddev: null,
    });
    expect(metrics['safety']!.noise).to.deep.include({ kind: 'none' });
  });

  it('is not found of a study that is not', async () => {
    expectProblem(await service().get('/v1/studies/nobody/model'), 404, 'study_not_found');
  });
});
