import { expect } from 'chai';
import { fitted } from '../../bench/races/run-study.ts';
import { randomStream } from '../../math/random.ts';
import { guardrailSchema } from '../../src/domain/guardrail.ts';
import { withGuardrails } from '../../src/domain/replaced-guardrails.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Trial, Weights } from '../../src/domain/trial.ts';
import { initialCandidates } from '../../src/optimizer/initialise.ts';
import { withMargins } from '../../src/optimizer/guardrail-margin.ts';
import { propose } from '../../src/optimizer/propose.ts';
import { studyReport } from '../../src/optimizer/study-report.ts';
import { whatIf, whatIfMetrics } from '../../src/optimizer/what-if.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const BASELINE: Weights = { a: 0.2, b: 0.4, c: 0.4 };
const TRIALS = 12;
const SEM = 0.01;

type Noise = 'none' | 'margin' | 'known';

/** `margin`: exact on one log, guardrails with a margin. */
function studyWith(noise: Noise): StudyDefinition {
  const definition = smallDefinition({
    guardrails: ['cost <= 1.05 * baseline'],
    metrics: noise === 'margin' ? {} : { gain: { noise }, cost: { noise }, reach: { noise } },
    report: ['cost', 'reach'],
    baseline: { weights: BASELINE },
    initialTrials: TRIALS,
  });
  if (noise !== 'margin') return definition;
  const log = { path: 'log.csv', request: 'r', nullScores: 'refuse' } as const;
  return { ...definition, log, guardrailMargin: 1.645 };
}

function trialsOf(definition: StudyDefinition): readonly Trial[] {
  const random = randomStream(4, 'what-if');
  const sem = definition.metrics['gain']?.noise === 'none' ? null : SEM;
  const isMargined = definition.log !== undefined;
  const noise = isMargined ? 0 : (sem ?? 0);
  const candidates = initialCandidates(definition, [], TRIALS).map(({ weights }) => weights);
  return [BASELINE, ...candidates].map((weights, number) => {
    const { a, b } = weights as Record<'a' | 'b', number>;
    const far = Math.hypot(a - BASELINE['a']!, b - BASELINE['b']!);
    const observe = (exact: number) => ({
      mean: exact + noise * random.normal(),
      sem,
      ...(isMargined && { changeSem: SEM * far }),
    });
    const observations = { gain: observe(2 * a - b * b), cost: observe(1 + a - b / 2) };
    return { ...completedTrial(number, weights, {}), observations };
  });
}

describe('whatIf', () => {
  for (const noise of ['none', 'margin', 'known'] as const) {
    it(`has the reports of either study, and the next trial of the one asked about, noise ${noise}`, () => {
      const own = studyWith(noise);
      const trials = trialsOf(own);
      const guardrail = guardrailSchema.parse('cost <= 1.4 * baseline');
      const asked = { ...own, guardrails: [guardrail] };
      const steered = withMargins(asked, trials);
      const hyperparameters = fitted(steered.definition, steered.trials);
      const report = whatIf(own, asked, trials, hyperparameters);
      const before = studyReport(own, trials, hyperparameters).best!;
      const after = studyReport(asked, trials, hyperparameters).best!;
      expect(report.own.best).to.deep.equal(before);
      expect(report.asked.best).to.deep.equal(after);
      expect(after.number).not.to.equal(before.number);
      expect(report.change).to.equal(after.metrics['gain']!.value - before.metrics['gain']!.value);
      expect(report.change).to.be.greaterThan(0);
      const next = propose(steered.definition, steered.trials, hyperparameters);
      expect(report.prospect!.weights).to.deep.equal(next.weights);
      expect(report.prospect!.objective).to.deep.equal(next.provenance.predictions['gain']);
      expect(report.prospect!.expectedImprovement).to.equal(Math.exp(next.provenance.acquisitionValue!));
      const [frontier] = report.frontiers;
      expect(frontier!.steps[frontier!.present!]!.trial).to.equal(after.number);
    });
  }

  it('has no change and no expected gain where nothing stored is feasible', () => {
    const own = studyWith('none');
    const trials = trialsOf(own);
    const asked = withGuardrails(own, ['cost <= 0.2 * baseline']);
    const report = whatIf(own, asked, trials, fitted(own, trials));
    expect(report.asked.best!.feasible).to.equal(false);
    expect([report.change, report.prospect!.expectedImprovement]).to.deep.equal([null, null]);
    expect(report.frontiers[0]!.present).to.equal(null);
  });

  it('asks for the models of the metrics of either study, none while one trial alone is measured', () => {
    const own = studyWith('none');
    const asked = withGuardrails({ ...own, guardrails: [] }, ['reach >= 0.1']);
    expect(whatIfMetrics(own, asked, trialsOf(own))).to.deep.equal(['gain', 'reach']);
    const noisy = studyWith('known');
    const askedOfNoisy = withGuardrails({ ...noisy, guardrails: [] }, ['reach >= 0.1']);
    expect(whatIfMetrics(noisy, askedOfNoisy, trialsOf(noisy))).to.deep.equal(['gain', 'cost', 'reach']);
    expect(whatIfMetrics(own, asked, trialsOf(own).slice(0, 1))).to.deep.equal([]);
  });
});
