import { z } from 'zod';
import { wholeNumberSchema } from '../domain/number.ts';
import { strictObject } from '../domain/schema.ts';
import { studyShape } from '../domain/study.ts';
import { incumbentSchema, sweepFindingsSchema, sweepProblemSchema } from '../domain/sweep.ts';
import { SWEEP_STATES } from '../domain/sweep-state.ts';
import type { SweepView } from '../service/read-sweep.ts';

const MOST_THREADS = 64;

/** The body of `:sweep`: what is left out stays as it was, or is as the study and the service say. */
export const sweepBodySchema = strictObject({
  /** Trials that the study is to have, the baseline not counted. */
  trials: studyShape.shape.budget,
  /** Threads that evaluate and fit; the trials do not depend on it. */
  threads: wholeNumberSchema(1, MOST_THREADS).optional(),
});

/** The answer of `:sweep` (202), `GET sweep`, `sweep:pause`, `sweep:resume` and `sweep:cancel`. */
export const sweepResourceSchema = z.strictObject({
  study: z.string(),
  /** From 1 on, one more where a sweep begins after another has ended. */
  run: z.int().min(1),
  state: z.enum(SWEEP_STATES),
  /** What its process does while it runs: it starts, reads the log, runs trials. */
  phase: z.enum(['starting', 'reading', 'trials']).nullable(),
  dataset: z.string(),
  trials: z.strictObject({ completed: z.int().min(0), budget: z.int().min(1) }),
  incumbent: incumbentSchema.nullable(),
  /** Seconds of work so far, pauses not counted. */
  seconds: z.number().min(0),
  /** Seconds that the trials left take; null while too few are timed, and where nothing works. */
  secondsLeft: z.number().min(0).nullable(),
  threads: z.int().min(1),
  startedBy: z.string(),
  queuedAt: z.string(),
  endedAt: z.string().nullable(),
  /** Why it failed. */
  problem: sweepProblemSchema.nullable(),
  /** Of a completed one: the result on the hold-out, samples of counterfactual metrics, heads that move against their ranking. */
  findings: sweepFindingsSchema.nullable(),
});

export type SweepResource = z.output<typeof sweepResourceSchema>;

export function sweepResource(sweep: SweepView): SweepResource {
  const { study, run, state, phase, dataset, completed, total, standing, seconds, threads } = sweep;
  return {
    study,
    run,
    state,
    phase,
    dataset,
    trials: { completed, budget: total },
    incumbent: standing?.incumbent ?? null,
    seconds,
    secondsLeft: state === 'running' ? (standing?.secondsLeft ?? null) : null,
    threads,
    startedBy: sweep.actor,
    queuedAt: new Date(sweep.queuedAt).toISOString(),
    endedAt: sweep.endedAt === null ? null : new Date(sweep.endedAt).toISOString(),
    problem: sweep.problem,
    findings: sweep.findings,
  };
}
