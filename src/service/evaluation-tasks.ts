import { type MessagePort, workerData } from 'node:worker_threads';
import type { LogMetric } from '../domain/metric.ts';
import type { Observations } from '../domain/trial.ts';
import { bootstrap as resample } from '../evaluator/bootstrap.ts';
import { type MatchReport, matchReports } from '../evaluator/counterfactual/match-report.ts';
import type { EngagementLog } from '../evaluator/engagement-log.ts';
import { evaluateWithErrors, influencesOf, type MeasuredMetrics } from '../evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch, type EvaluationScratch } from '../evaluator/evaluation-scratch.ts';
import {
  createInfluenceScratch,
  type Influences,
  type InfluenceScratch,
} from '../evaluator/influence/influences.ts';
import type { PassWorker } from '../evaluator/pooled/pooled-pass.ts';
import { type RankingAgreement, rankingAgreement } from '../evaluator/ranking-agreement.ts';
import { drawResamples } from '../evaluator/replicates/resamples.ts';
import type { MeetingPoint } from '../evaluator/team/meeting-point.ts';
import { assist as assistTeam, lead, type Team } from '../evaluator/team/team.ts';
import { topAgreement } from '../evaluator/top-agreement.ts';
import type { Ordering } from '../evaluator/utility.ts';
import { type Answer, answer } from './task-answer.ts';

/** Given to each worker once; the log's columns are shared memory. */
export interface WorkerContext {
  readonly log: EngagementLog | undefined;
}

/** What this thread evaluates with, from the first time on. */
interface Evaluation {
  readonly log: EngagementLog;
  readonly scratch: EvaluationScratch;
  readonly influences: InfluenceScratch;
}

let kept: Evaluation | undefined;

/** What this thread needs for its shares of others' evaluations. */
const assisting: PassWorker = { work: undefined, table: undefined };

/** With whom a task is done. */
export interface Others {
  readonly point: MeetingPoint;
  /** To each of them. */
  readonly ports: readonly MessagePort[];
}

export function evaluate(task: {
  readonly ordering: Ordering;
  readonly measured: MeasuredMetrics;
  /** Of the baseline, where it was measured on the log. */
  readonly baseline: Influences | undefined;
  readonly others?: Others | undefined;
}): Answer<Observations> {
  const { ordering, measured, baseline, others } = task;
  return together(others, ({ log, scratch, influences }, team) =>
    evaluateWithErrors(log, ordering, measured, baseline, scratch, influences, team),
  );
}

export function influence(task: {
  readonly ordering: Ordering;
  readonly measured: MeasuredMetrics;
  readonly others?: Others | undefined;
}): Answer<Influences> {
  const { ordering, measured, others } = task;
  return together(others, ({ log, scratch, influences }, team) =>
    influencesOf(log, ordering, measured, scratch, influences, team),
  );
}

/** Takes a share in the evaluation that another thread leads. */
export function assist(task: {
  readonly point: MeetingPoint;
  readonly port: MessagePort;
  readonly share: number;
  readonly shares: number;
}): Answer<void> {
  const { point, port, share, shares } = task;
  return answer(() => {
    assistTeam(loadedLog(), point, port, { share, shares }, assisting);
    port.close();
  });
}

function together<Value>(
  others: Others | undefined,
  compute: (evaluation: Evaluation, team: Team | undefined) => Value,
): Answer<Value> {
  return answer(() => {
    const kept = evaluation();
    if (others === undefined) return compute(kept, undefined);
    return lead(kept.log, others.point, others.ports, kept.scratch.pooled, (team) => compute(kept, team));
  });
}

/** The replicates of each ordering by metric, the same units resampled for all of them. */
export function bootstrap(task: {
  readonly orderings: readonly Ordering[];
  readonly measured: MeasuredMetrics;
  readonly replicates: number;
  readonly seed: number;
}): Answer<readonly Readonly<Record<string, Float64Array>>[]> {
  return answer(() => {
    const { log, scratch, influences } = evaluation();
    const { orderings, measured, replicates, seed } = task;
    const resamples = drawResamples(influences.units, replicates, seed);
    return orderings.map((ordering) => resample(log, ordering, measured, resamples, scratch));
  });
}

/** What each of these counterfactual metrics of an ordering is estimated from, by name. */
export function matches(task: {
  readonly ordering: Ordering;
  readonly metrics: readonly LogMetric[];
}): Answer<Readonly<Record<string, MatchReport>>> {
  return answer(() => {
    const { log, scratch, influences } = evaluation();
    return matchReports(log, task.ordering, task.metrics, scratch, influences.units);
  });
}

export function compareRankings(task: {
  readonly one: Ordering;
  readonly other: Ordering;
  readonly cutoff: number;
}): Answer<RankingAgreement> {
  return answer(() => rankingAgreement(loadedLog(), task.one, task.other, task.cutoff));
}

/** Kendall's τ of what is seen of two orderings; null where no request tells. */
export function compareTops(task: {
  readonly one: Ordering;
  readonly other: Ordering;
  readonly cutoff: number;
}): Answer<number | null> {
  return answer(() => topAgreement(loadedLog(), task.one, task.other, task.cutoff) ?? null);
}

function evaluation(): Evaluation {
  if (kept !== undefined) return kept;
  const log = loadedLog();
  kept = { log, scratch: createEvaluationScratch(log), influences: createInfluenceScratch(log) };
  return kept;
}

function loadedLog(): EngagementLog {
  const { log } = workerData as WorkerContext;
  if (log === undefined) throw new RangeError('this pool has no log');
  return log;
}
