import type { LiftNoise } from '../plan/gain-within-guardrails.ts';
import type { OnlineEvidence } from './online-evidence.ts';

/** A mean and its variance, as a readout has them. */
interface ReadMean {
  readonly mean: number;
  readonly variance: number;
}

/**
 * What a round of `arms` arms will not know of each metric, measured as in the last round that has it.
 *
 * The same traffic is dealt among as many arms as there will be.
 */
export function nextNoise({ rounds }: OnlineEvidence, arms: number): Readonly<Record<string, LiftNoise>> {
  const names = new Set(rounds.flatMap(({ metrics }) => Object.keys(metrics)));
  return Object.fromEntries(
    [...names].map((metric) => {
      const { arms: before, metrics } = rounds.findLast((round) => round.metrics[metric] !== undefined)!;
      const control = metrics[metric]!.find(({ arm }) => arm === before[0]!.name);
      const others = metrics[metric]!.filter(({ arm }) => arm !== before[0]!.name);
      const noise = readNoise(control, others);
      return [metric, { ...noise, arm: (noise.arm * arms) / (before.length - 1) }];
    }),
  );
}

/** Relative variances, (SE/mean)²: the mean over the arms, and the control's, or theirs where it was not measured. */
export function readNoise(control: ReadMean | undefined, arms: readonly ReadMean[]): LiftNoise {
  const relative = ({ mean, variance }: ReadMean): number => variance / mean ** 2;
  const arm = arms.reduce((sum, each) => sum + relative(each), 0) / arms.length;
  return { arm, control: control === undefined ? arm : relative(control) };
}
