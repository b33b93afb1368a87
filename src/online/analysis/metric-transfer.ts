import type { OnlineDefinition } from '../../domain/online.ts';
import type { LogEvidence } from '../transfer/log-evidence.ts';
import type { OnlineModel } from '../transfer/online-models.ts';

/** What the log is worth for one metric of the experiments. */
export interface MetricTransfer {
  readonly metric: string;
  /** The study's metric that is the log's knowledge; null where it names none. */
  readonly offline: string | null;
  /** Rounds that the metric was read out in. */
  readonly rounds: number;
  /** ρ of log and experiments, its mean and central 95 % interval; null where the log was not asked. */
  readonly correlation: {
    readonly mean: number;
    readonly lower: number;
    readonly upper: number;
  } | null;
  /** Leave-one-out predictions of the arms: summed log density gained by the log in nats, and errors as a lift. */
  readonly evidence: LogEvidence | null;
  /** Whether the log is used. */
  readonly used: boolean;
  /** Why it is used, or not. */
  readonly reason: string;
}

/** What the model of one metric has learned of the log, and in words whether it is used. */
export function metricTransfer(
  { metrics }: OnlineDefinition,
  { metric, model: { trust }, withoutLog, rounds }: OnlineModel,
): MetricTransfer {
  const offline = metrics[metric]!.offline ?? null;
  if (trust === undefined) {
    const reason = `without the log: ${withoutLog}`;
    return { metric, offline, rounds, correlation: null, evidence: null, used: false, reason };
  }
  const { correlation, evidence, used } = trust;
  const [lower, upper] = correlation.interval;
  const found = `the arms are foretold ${evidence.gain > 0 ? 'better' : 'no better'} with the log, by ${evidence.gain.toFixed(2)} nats`;
  return {
    metric,
    offline,
    rounds,
    correlation: { mean: correlation.mean, lower, upper },
    evidence,
    used,
    reason: used
      ? `with the log: ${found}`
      : `the log is dropped${evidence.gain > 0 ? ', as it does not help on the whole' : ''}: ${found}`,
  };
}
