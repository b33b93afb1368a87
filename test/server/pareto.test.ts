import { expect } from 'chai';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { expectProblem } from './exchange.ts';
import {
  complete,
  createStudy,
  relevanceAndSafety,
  runTrials,
  suggest,
  type TrialBody,
} from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

interface ParetoBody {
  readonly trials: readonly TrialBody[];
  readonly hypervolume: number | null;
  readonly referencePoint: Readonly<Record<string, number>> | null;
}

const SEVERAL = {
  objective: undefined,
  objectives: ['maximize relevance', 'maximize safety'],
  guardrails: [],
};
const NOISY = { metrics: { relevance: { noise: 'known' }, safety: { noise: 'known' } } };

describe('trials:pareto', () => {
  const service = serviceOfThisFile();
  const pareto = async (study: string): Promise<ParetoBody> => {
    const { status, text, body } = await service().get<ParetoBody>(`/v1/studies/${study}/trials:pareto`);
    expect(status, text).to.equal(200);
    return body;
  };

  it('is empty before anything is measured', async () => {
    await createStudy(service(), 'nothing', SEVERAL);
    await suggest(service(), 'nothing', 2);
    expect(await pareto('nothing')).to.deep.equal({ trials: [], hypervolume: null, referencePoint: null });
  });

  it('has the trials of the report that none dominates, as they can be read by their numbers', async () => {
    await createStudy(service(), 'exact', { ...SEVERAL, referencePoint: { relevance: 0, safety: 0 } });
    const outcomes = [
      [0.5, 0.5],
      [0.75, 0.25],
      [0.25, 0.25],
      [0.25, 0.75],
    ];
    for (const [i, trial] of (await suggest(service(), 'exact', 4)).entries()) {
      const [relevance, safety] = outcomes[i]!;
      await complete(service(), 'exact', trial, { relevance, safety });
    }
    const { trials, hypervolume, referencePoint } = await pareto('exact');
    expect(trials.map(({ number }) => number)).to.deep.equal([1, 0, 3]);
    expect(hypervolume).to.equal(0.75 * 0.25 + 0.5 * 0.25 + 0.25 * 0.25);
    expect(referencePoint).to.deep.equal({ relevance: 0, safety: 0 });
    const { body: trial } = await service().get<TrialBody>('/v1/studies/exact/trials/1');
    expect(trials[0]).to.deep.equal(trial);

    const { body: report } = await service().get<StudyReport>('/v1/studies/exact:report');
    expect(report.best).to.equal(null);
    expect(report.pareto!.trials.map(({ number }) => number)).to.deep.equal([1, 0, 3]);
    expect(report.pareto).to.deep.include({ hypervolume, referencePoint, nearest: null });
  });

  it('is what a noisy study comes to, whose suggestions add to it', async () => {
    await createStudy(service(), 'noisy', { ...SEVERAL, ...NOISY });
    const generators = new Set<string>();
    for (let i = 0; i < 7; i++) {
      const [trial] = await suggest(service(), 'noisy');
      generators.add(trial!.provenance.generator);
      const { relevance, safety } = relevanceAndSafety(trial!.weights);
      const metrics = { relevance: { mean: relevance, sem: 0.01 }, safety: { mean: safety, sem: 0.01 } };
      await complete(service(), 'noisy', trial!, metrics);
    }
    expect(generators).to.include('noisy_log_expected_hypervolume_improvement');
    const { trials, hypervolume, referencePoint } = await pareto('noisy');
    expect(trials.length).to.be.within(2, 7);
    expect(hypervolume).to.be.above(0);
    expect(referencePoint).to.have.all.keys('relevance', 'safety');
  });

  it('is empty, with a volume of 0, while no trial is feasible', async () => {
    await createStudy(service(), 'infeasible', {
      ...SEVERAL,
      guardrails: ['safety >= 2'],
      baseline: undefined,
    });
    await runTrials(service(), 'infeasible', 2);
    expect(await pareto('infeasible')).to.deep.include({ trials: [], hypervolume: 0 });
    const { body } = await service().get<StudyReport>('/v1/studies/infeasible:report');
    expect(body.pareto!.nearest).to.deep.include({ rule: 'least-violating', feasible: false });
  });

  it('and trials:best each refuse the other kind of study, and name the one that answers', async () => {
    await createStudy(service(), 'single');
    await createStudy(service(), 'several', SEVERAL);
    const ofSingle = await service().get('/v1/studies/single/trials:pareto');
    expectProblem(ofSingle, 409, 'study_objectives');
    expect(ofSingle.text).to.include('has one objective: GET /v1/studies/single/trials:best');
    const ofSeveral = await service().get('/v1/studies/several/trials:best');
    expectProblem(ofSeveral, 409, 'study_objectives');
    expect(ofSeveral.text).to.include('no single best trial: GET /v1/studies/several/trials:pareto');
  });

  it('is not for posting, and not of a study that nobody created', async () => {
    expect((await service().post('/v1/studies/several/trials:pareto')).status).to.equal(405);
    expectProblem(await service().get('/v1/studies/nobody/trials:pareto'), 404, 'study_not_found');
  });
});
