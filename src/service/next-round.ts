import type { ExperimentRequest } from '../domain/experiment.ts';
import type { NextRound } from '../online/analysis/judge-arms.ts';
import type { OnlineEvidence } from '../online/arms/online-evidence.ts';
import type { LiftNoise } from '../online/plan/gain-within-guardrails.ts';
import type { OnlineMoment } from './online-evidence.ts';

/** As many arms as asked, each measured as well as those of the last round. */
export function nextRound(
  { experiments }: OnlineMoment,
  { rounds }: OnlineEvidence,
  { arms, generator }: Pick<ExperimentRequest, 'arms' | 'generator'>,
): NextRound {
  const last = rounds.at(-1)!;
  const { arms: before } = experiments.find(({ number }) => number === last.experiment)!;
  const control = before[0]!.share;
  // The same traffic, dealt among as many arms as there will be in the proportions of before.
  const perArm = (1 - control) / (before.length - 1) / ((1 - control) / arms);
  const noise = Object.fromEntries(
    noiseByMetric(rounds).map(([metric, { arm, control: ofControl }]) => [
      metric,
      { arm: arm * perArm, control: ofControl },
    ]),
  );
  return { count: arms, generator, given: [], experiments: [{ arms, noise }] };
}

/** Relative variances of the last round that has the metric: the mean over its arms, and the control's. */
function noiseByMetric(rounds: OnlineEvidence['rounds']): readonly (readonly [string, LiftNoise])[] {
  const names = new Set(rounds.flatMap(({ metrics }) => Object.keys(metrics)));
  return [...names].map((metric) => {
    const { arms, metrics } = rounds.findLast((round) => round.metrics[metric] !== undefined)!;
    const control = metrics[metric]!.find(({ arm }) => arm === arms[0]!.name);
    const others = metrics[metric]!.filter(({ arm }) => arm !== arms[0]!.name);
    const relative = others.map(({ mean, variance }) => variance / mean ** 2);
    const arm = relative.reduce((sum, value) => sum + value, 0) / relative.length;
    return [metric, { arm, control: control === undefined ? arm : control.variance / control.mean ** 2 }];
  });
}
