import { expect } from 'chai';
import type { StudyReport } from '../../src/optimizer/study-report.ts';
import { complete, createStudy, suggest, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

interface BestTrialBody {
  readonly trial: TrialBody | null;
  readonly feasible: boolean | null;
  readonly rule: string | null;
}

describe('trials:best', () => {
  const service = serviceOfThisFile();
  const best = async (study: string): Promise<BestTrialBody> =>
    (await service().get<BestTrialBody>(`/v1/studies/${study}/trials:best`)).body;

  it('is nothing before anything is measured', async () => {
    await createStudy(service(), 'nothing');
    await suggest(service(), 'nothing', 2);
    expect(await best('nothing')).to.deep.equal({ trial: null, feasible: null, rule: null });
  });

  it('is the trial of the report, as it can be read by its number', async () => {
    await createStudy(service(), 'exact');
    const trials = await suggest(service(), 'exact', 4);
    for (const [i, trial] of trials.entries()) {
      await complete(service(), 'exact', trial, { relevance: i === 2 ? 0.9 : 0.5, safety: 0.5 });
    }
    const { body: trial } = await service().get<TrialBody>('/v1/studies/exact/trials/2');
    expect(await best('exact')).to.deep.equal({ trial, feasible: true, rule: 'best-feasible' });
    const { body: report } = await service().get<StudyReport>('/v1/studies/exact:report');
    expect(report.best!.number).to.equal(2);
  });

  it('is said to be infeasible where no trial meets the guardrails', async () => {
    await createStudy(service(), 'infeasible', { guardrails: ['safety >= 2'], baseline: undefined });
    const [trial] = await suggest(service(), 'infeasible');
    const completed = await complete(service(), 'infeasible', trial!, { relevance: 1, safety: 1 });
    expect(await best('infeasible')).to.deep.equal({
      trial: completed,
      feasible: false,
      rule: 'least-violating',
    });
  });
});
