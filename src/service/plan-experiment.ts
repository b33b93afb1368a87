import { DomainError } from '../domain/errors.ts';
import type { PlanRequest } from '../domain/plan-request.ts';
import type { Readout } from '../domain/readout.ts';
import type { Estimate } from '../online/plan/estimate.ts';
import { baselineOfReadout } from '../online/plan/baseline-of-readout.ts';
import type { BaselineMetric } from '../online/plan/detectable-effect.ts';
import { armsThatFit, type PlannedMetric, type PlanRow } from '../online/plan/experiment-plan.ts';
import { type NeededUnits, neededUnits } from '../online/plan/needed-units.ts';
import { DEFAULT_CONFIDENCE } from '../online/transfer/decide-shipment.ts';
import { onlineEvidence, onlineMoment, type OnlineMoment } from './online-evidence.ts';
import type { WriteContext } from './service-context.ts';

export { type PlanRequest, planRequestSchema } from '../domain/plan-request.ts';

/** Where a metric's mean and spread are from. */
export type SpreadSource = 'request' | 'readout' | 'last experiment' | 'study';

/** What arms can show on the traffic, and what the models expect to gain by how many. */
export interface ExperimentPlan {
  readonly study: string;
  readonly metrics: readonly (PlannedMetric & { readonly source: SpreadSource })[];
  /** Metrics of which no mean and spread is known. */
  readonly unplanned: readonly string[];
  /** For 1, 2, … arms; `gain` as a lift of the objective, null before the first readout. */
  readonly plans: readonly (PlanRow & { readonly gain: Estimate | null })[];
  /** What the effects that matter take, a plan each. */
  readonly needed: readonly NeededUnits[];
  /** The most arms with which every metric still shows an effect that matters. */
  readonly armsThatFit: number;
  /** The number of arms with the largest expected gain; null before the first readout. */
  readonly armsThatGain: number | null;
  /** Why there is no expected gain; null where there is one. */
  readonly withoutGain: string | null;
}

/**
 * Plans how many arms the traffic carries. Nothing is stored.
 *
 * Throws `study_not_found`, `experiment_invalid` for a study that says nothing of experiments, metrics that it does not have, and an
 * objective of which neither the request nor a readout nor the study tells mean and spread.
 */
export async function planExperiment(
  { store, pool, onStored }: Pick<WriteContext<ExperimentPlan>, 'store' | 'pool' | 'onStored'>,
  studyId: string,
  request: PlanRequest,
): Promise<ExperimentPlan> {
  const moment = await onlineMoment(store, studyId);
  const { metrics, unplanned } = plannedMetrics(moment, request);
  const { unitsPerDay, days, control, correction, alpha, power, mostArms } = request;
  const settings = { unitsPerDay, days, control, correction, alpha, power };
  const rows = await pool.run('planArms', { metrics, settings, mostArms });
  const gains = await expectedGains({ pool }, moment, request, metrics, rows);
  const plans = rows.map((row, i) => ({ ...row, gain: typeof gains === 'string' ? null : gains[i]! }));
  const most = typeof gains === 'string' ? null : Math.max(...gains.map(({ mean }) => mean));
  const plan = {
    study: studyId,
    metrics,
    unplanned,
    plans,
    needed: neededUnits(metrics, plans, request),
    armsThatFit: armsThatFit(plans),
    armsThatGain: plans.find(({ gain }) => gain !== null && gain.mean === most)?.arms ?? null,
    withoutGain: typeof gains === 'string' ? gains : null,
  };
  await onStored?.(store, plan);
  return plan;
}

function plannedMetrics(
  { definition: { online }, readouts }: OnlineMoment,
  { metrics: asked, readout: given }: PlanRequest,
): Pick<ExperimentPlan, 'metrics' | 'unplanned'> {
  const unknown = Object.keys(asked).find((metric) => !Object.hasOwn(online.metrics, metric));
  if (unknown !== undefined) {
    throw new DomainError(
      'experiment_invalid',
      `is no metric of the study's experiments: expected one of ${Object.keys(online.metrics).join(', ')}`,
      { pointer: `/metrics/${unknown}` },
    );
  }
  for (const [name, { mean }] of Object.entries(asked)) {
    if (online.metrics[name]!.kind !== 'propensity' || mean === undefined || (mean > 0 && mean < 1)) continue;
    throw new DomainError(
      'experiment_invalid',
      `is ${mean}: expected a share between 0 and 1, such as 0.02 for 2 %`,
      { pointer: `/metrics/${name}/mean` },
    );
  }
  const bare = Object.entries(asked).find(
    ([name, { mean, stddev }]) =>
      mean !== undefined &&
      (stddev ?? online.metrics[name]!.stddev) === undefined &&
      online.metrics[name]!.kind === 'volume',
  );
  if (bare !== undefined) {
    throw new DomainError('experiment_invalid', 'is missing: the mean of a volume tells no spread', {
      pointer: `/metrics/${bare[0]}/stddev`,
    });
  }
  const last = readouts.at(-1)?.readout;
  const metrics = Object.entries(online.metrics).flatMap(([name, said]) => {
    const { kind } = said;
    const relevantEffect = asked[name]?.relevantEffect ?? said.relevantEffect ?? null;
    const known =
      sourced('request', spreadOf(kind, asked[name] && { stddev: said.stddev, ...asked[name] })) ??
      sourced('readout', spreadIn(given, name)) ??
      sourced('last experiment', spreadIn(last, name)) ??
      sourced('study', spreadOf(kind, said));
    return known === undefined ? [] : [{ name, ...known, relevantEffect }];
  });
  const unplanned = Object.keys(online.metrics).filter((name) => metrics.every((each) => each.name !== name));
  const { metric: objective } = online.objective;
  if (unplanned.includes(objective)) {
    throw new DomainError(
      'experiment_invalid',
      `nothing tells the mean and spread of ${objective}: expected metrics: {${objective}: {mean, stddev}} (a propensity needs no stddev), a readout, or them in the study`,
      { pointer: '/metrics' },
    );
  }
  return { metrics, unplanned };
}

/** Of a mean above 0, and between these its square is a number that models can take. */
function isVariation(value: number): boolean {
  return value >= 1e-6 && value <= 1e6;
}

function sourced<Source extends SpreadSource>(source: Source, spread: BaselineMetric | undefined) {
  return spread && { ...spread, source };
}

/** √(p(1 − p)) of a propensity. */
function spreadOf(
  kind: 'propensity' | 'volume',
  said: { readonly mean?: number | undefined; readonly stddev?: number | undefined } | undefined,
): BaselineMetric | undefined {
  const mean = said?.mean;
  if (mean === undefined) return undefined;
  const stddev = said?.stddev ?? (kind === 'propensity' ? Math.sqrt(mean * (1 - mean)) : undefined);
  return stddev === undefined || !(stddev > 0) ? undefined : { mean, stddev };
}

function spreadIn(
  readout: Pick<Readout, 'units' | 'metrics'> | undefined,
  metric: string,
): BaselineMetric | undefined {
  const read = readout?.metrics[metric];
  if (readout === undefined || read === undefined) return undefined;
  if (Object.values(read.arms).some((measured) => 'lift' in measured)) return undefined;
  const spread = baselineOfReadout(read, readout.units);
  return spread.stddev > 0 ? spread : undefined;
}

/** By number of arms; a reason in words where there are none. */
async function expectedGains(
  { pool }: Pick<WriteContext<never>, 'pool'>,
  moment: OnlineMoment,
  { mostArms, generator }: PlanRequest,
  metrics: ExperimentPlan['metrics'],
  rows: readonly PlanRow[],
): Promise<readonly Estimate[] | string> {
  if (moment.readouts.length === 0) {
    return 'no experiment was read out: what arms gain on live traffic is not known';
  }
  const { definition } = moment;
  const { evidence } = onlineEvidence(moment);
  const modelled = new Set(evidence.rounds.flatMap((round) => Object.keys(round.metrics)));
  const lacking = [...modelled].find((name) => metrics.every((each) => each.name !== name));
  if (lacking !== undefined) return `nothing tells the spread of ${lacking}`;
  const variation = metrics.find(({ mean, stddev }) => !isVariation(stddev / mean));
  if (variation !== undefined) {
    const { name, mean, stddev } = variation;
    return `${name} is ${mean} with a standard deviation of ${stddev}: lifts of it cannot be foretold`;
  }
  const experiments = rows.map(({ arms, armUnits, controlUnits }) => ({
    arms,
    noise: Object.fromEntries(
      metrics.map(({ name, mean, stddev }) => {
        const relative = (stddev / mean) ** 2;
        return [name, { arm: relative / armUnits, control: relative / controlUnits }];
      }),
    ),
  }));
  const judged = await pool.run('judgeArms', {
    definition,
    evidence,
    confidence: definition.confidence ?? DEFAULT_CONFIDENCE,
    seed: definition.seed,
    barred: [],
    next: { count: mostArms, generator, given: [], experiments },
  });
  return judged.next!.gains;
}
