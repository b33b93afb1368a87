import { z } from 'zod';
import type { SweepState } from './sweep-state.ts';

/** The best of a sweep so far: a trial, or of several objectives the Pareto set. */
export const incumbentSchema = z.union([
  z.strictObject({
    trial: z.int().min(0),
    feasible: z.boolean(),
    /** The objective, and what was observed of it. */
    metric: z.string(),
    value: z.number(),
  }),
  z.strictObject({
    /** Trials in the Pareto set; 0 while none is feasible. */
    paretoTrials: z.int().min(0),
    hypervolume: z.number(),
  }),
]);

/** How far the process of a sweep has come. */
export const sweepStandingSchema = z.strictObject({
  incumbent: incumbentSchema.nullable(),
  /** As `secondsLeft`; null while too little is timed. */
  secondsLeft: z.number().min(0).nullable(),
});

/** Why a sweep failed, without any path. */
export const sweepProblemSchema = z.strictObject({ code: z.string(), detail: z.string() });

/** What a completed sweep found beside its trials; what the study does not ask for is left out. */
export const sweepFindingsSchema = z.strictObject({
  holdout: z.unknown().optional(),
  samples: z.unknown().optional(),
  disagreements: z.array(z.unknown()),
});

export type Incumbent = z.output<typeof incumbentSchema>;
export type SweepStanding = z.output<typeof sweepStandingSchema>;
export type SweepProblem = z.output<typeof sweepProblemSchema>;
export type SweepFindings = z.output<typeof sweepFindingsSchema>;

/** The latest sweep of a study by the service. Times are milliseconds since the epoch. */
export interface Sweep {
  readonly study: string;
  /** From 1 on, one more where a sweep begins after another has ended. */
  readonly run: number;
  readonly state: SweepState;
  readonly dataset: string;
  /** Null for the study's own. */
  readonly budget: number | null;
  readonly threads: number;
  /** Who has begun it. */
  readonly actor: string;
  /** The process that works on it or will. */
  readonly instance: string | null;
  /** Of processes that ended over it since a trial was completed. */
  readonly deaths: number;
  readonly queuedAt: number;
  /** Until when `workedMs` is counted; null where nothing works. */
  readonly countedAt: number | null;
  readonly workedMs: number;
  readonly endedAt: number | null;
  readonly standing: SweepStanding | null;
  readonly problem: SweepProblem | null;
  readonly findings: SweepFindings | null;
}
