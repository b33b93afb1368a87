import {
  type CorrelationPosterior,
  correlationPosterior,
} from '../../../gp/coregionalization/correlation-posterior.ts';
import { type MultiTaskData, standardizeTasks } from '../../../gp/coregionalization/data.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import type { CoregionalizedHyperparameters } from '../../../gp/coregionalization/hyperparameters.ts';
import { kernelByName } from '../../../gp/kernels/kernel-by-name.ts';
import { baselineAlone, conditionLifts, type LiftProcess } from './lift-process.ts';
import { type LogEvidence, logEvidence } from './log-evidence.ts';
import { pooledTasks } from './pooled-tasks.ts';
import {
  type LogObservations,
  relativeLog,
  type RelativeObservations,
  relativeRound,
  type RoundObservations,
} from './relative-observations.ts';

/** How far the log can be trusted for one metric. */
export interface LogTrust {
  /** ρ of the log and the online metric: its mean and central 95 % interval; ρ² bounds what can be learned. */
  readonly correlation: Pick<CorrelationPosterior, 'mean' | 'interval'>;
  readonly evidence: LogEvidence;
  /** Whether the log is used. */
  readonly used: boolean;
}

/** A component of a mixture over ρ, after the rounds and before any: given the log alone, if there is one. */
export interface TransferComponent {
  readonly weight: number;
  readonly process: LiftProcess;
  readonly before: LiftProcess;
}

/** What a log and online rounds say of one metric. */
export interface TransferModel {
  /** Over the grid of ρ; weights add up to 1. One without the log. */
  readonly components: readonly TransferComponent[];
  /** The model that has no log, which is `components` where the log is not used. */
  readonly alone: readonly TransferComponent[];
  /** Undefined where there was no log to judge. */
  readonly trust: LogTrust | undefined;
}

export interface TransferOptions {
  /** Of the grid over ρ; odd. */
  readonly points?: number;
}

/** Cells of ρ are 0.2 wide around 0 and 0.02 at ±1. */
const DEFAULT_POINTS = 15;
const STARTS = 2;
/** Lighter nodes are left out: all of them together would move a mean by under a tenth of its standard deviation. */
const LEAST_WEIGHT = 5e-3;

/**
 * Models one metric of online rounds, with the log where it helps.
 *
 * Hyperparameters are fitted to the log and the pooled rounds, each standardised on its own; ρ is integrated over a grid with
 * its LKJ prior. Where the leave-one-out log predictive density of the online arms is no better with the log than without, the
 * log is dropped: no transfer rather than a negative one.
 * Throws `study_invalid` on values that are not positive, RangeError without a round.
 * Source: Letham & Bakshy 2019, JMLR 20(145); Vehtari & Lampinen 2002.
 */
export function fitTransfer(
  metric: string,
  log: LogObservations | undefined,
  rounds: readonly RoundObservations[],
  { points = DEFAULT_POINTS }: TransferOptions = {},
): TransferModel {
  if (rounds.length === 0) throw new RangeError('a model of lifts needs at least one round, got 0');
  const online = rounds.map((round) => relativeRound(round, metric));
  const alone = [{ weight: 1, ...liftsOf(fitPooled(undefined, online), undefined, online) }];
  if (log === undefined) return { components: alone, alone, trust: undefined };

  const logged = relativeLog(log, metric);
  const { data, fit } = fitPooled(logged, online);
  const posterior = correlationPosterior(data, fit, { points });
  const kept = posterior.nodes.filter(({ weight }) => weight >= LEAST_WEIGHT);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  const together = kept.map(({ weight, hyperparameters }) => ({
    weight: weight / total,
    ...liftsOf({ data, fit: hyperparameters }, logged, online),
  }));
  const evidence = logEvidence(together, alone);
  const used = evidence.gain > 0;
  return {
    components: used ? together : alone,
    alone,
    trust: { correlation: { mean: posterior.mean, interval: posterior.interval }, evidence, used },
  };
}

interface PooledFit {
  readonly data: MultiTaskData;
  readonly fit: CoregionalizedHyperparameters;
}

/** A fit of the first round says what the constants of all rounds are, and they how to pool them. */
function fitPooled(
  logged: RelativeObservations | undefined,
  online: readonly RelativeObservations[],
): PooledFit {
  const first = fitOf(pooledTasks(logged, online.slice(0, 1), [0]));
  if (online.length === 1) return first;
  const { constants } = liftsOf(first, logged, online).process;
  return fitOf(pooledTasks(logged, online, constants.slice(-online.length)));
}

function fitOf(data: MultiTaskData): PooledFit {
  return { data, fit: fitCoregionalized(data, { starts: STARTS }) };
}

/** Conditions with the hyperparameters in the units of the observations, on the rounds and before them. */
function liftsOf(
  { data, fit }: PooledFit,
  logged: RelativeObservations | undefined,
  online: readonly RelativeObservations[],
): Omit<TransferComponent, 'weight'> {
  const { standardizations } = standardizeTasks(data);
  const last = data.taskCount - 1;
  const scale = (task: number): number => fit.scales[task]! * standardizations[task]!.stddev;
  const parameters = {
    kernel: kernelByName[fit.kernel],
    lengthscales: fit.lengthscales,
    scales: [scale(0), scale(last)],
    correlation: last === 0 ? 0 : fit.correlation[1]!,
  } as const;
  const jumps = fit.noiseVariances[0]! * standardizations[0]!.stddev ** 2;
  const variance = logged?.variance.map((given) => (Number.isNaN(given) ? jumps : given));
  const given = logged && { ...logged, variance: variance! };
  return {
    process: conditionLifts(parameters, given, online),
    before: conditionLifts(parameters, given, [baselineAlone(online[0]!.X.slice(0, data.dimension))]),
  };
}
