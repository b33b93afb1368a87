import type { ColumnType } from 'kysely';
import type { Scope } from '../src/domain/api-key.ts';
import type { ArmGenerator, ExperimentArm, ExperimentState } from '../src/domain/experiment.ts';
import type { EventKind } from '../src/domain/event.ts';
import type { Generator } from '../src/domain/trial.ts';
import type { SweepState } from '../src/domain/sweep-state.ts';
import type { TrialState } from '../src/domain/trial-state.ts';

/** The tables as of the newest migration. Integers, text and JSON text: types that PostgreSQL shares. */
export interface Database {
  readonly studies: StudyTable;
  readonly trials: TrialTable;
  readonly observations: ObservationTable;
  readonly api_keys: ApiKeyTable;
  readonly events: EventTable;
  readonly notes: NoteTable;
  readonly idempotency_keys: IdempotencyKeyTable;
  readonly datasets: DatasetTable;
  readonly sweeps: SweepTable;
  readonly imports: ImportTable;
  readonly experiments: ExperimentTable;
  readonly experiment_arms: ExperimentArmTable;
  readonly readouts: ReadoutTable;
}

interface StudyTable {
  readonly id: string;
  /** A `StudyDefinition` as JSON. */
  readonly definition: string;
  /** SHA-256 of the log that the study was first run on; null without a log. */
  readonly log_fingerprint: string | null;
  readonly created_at: string;
  /** From 1 on, one more with each change. */
  readonly revision: ColumnType<number, undefined, number>;
  readonly description: ColumnType<string | null, undefined, string | null>;
  /** Null while the study is worked on. */
  readonly archived_at: ColumnType<string | null, undefined, string | null>;
  /** Null while there is the study; its name stays taken. */
  readonly deleted_at: ColumnType<string | null, undefined, string | null>;
}

interface TrialTable {
  readonly study_id: string;
  readonly number: number;
  readonly state: TrialState;
  /** `Weights` as JSON; null for a baseline without weights. */
  readonly weights: string | null;
  /** That of the provenance: counts need not read the whole. */
  readonly generator: Generator;
  /** A `Provenance` as JSON. */
  readonly provenance: string;
  readonly client_id: ColumnType<string | null, string | null | undefined, string | null>;
  /** Milliseconds since the epoch; null where the trial is nobody's or has stopped running. */
  readonly lease_expires_at: ColumnType<number | null, number | null | undefined, number | null>;
  readonly reason: ColumnType<string | null, undefined, string | null>;
  readonly created_at: string;
  /** When it stopped running. */
  readonly completed_at: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface ObservationTable {
  readonly study_id: string;
  readonly trial_number: number;
  readonly metric: string;
  readonly mean: number;
  readonly sem: number | null;
  /** Paired standard error of mean − the baseline's mean; null where it is not known. */
  readonly change_sem: number | null;
  /** Where the metric surely lies; null where its mean is exact. */
  readonly lower_bound: number | null;
  readonly upper_bound: number | null;
  /** Of how many units it is the mean; null where nobody said. */
  readonly n: ColumnType<number | null, number | null | undefined, number | null>;
}

interface ApiKeyTable {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  /** SHA-256 of the whole key, as 64 hexadecimal digits. */
  readonly hash: string;
  readonly created_at: string;
  /** Null while the key is valid. */
  readonly revoked_at: string | null;
}

interface EventTable {
  readonly study_id: string;
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly kind: EventKind;
  readonly trial_number: number | null;
  /** An object as JSON. */
  readonly payload: string;
}

interface NoteTable {
  readonly study_id: string;
  readonly trial_number: number;
  readonly number: number;
  readonly at: string;
  readonly author: string;
  readonly text: string;
}

interface IdempotencyKeyTable {
  /** Whose key it is. */
  readonly owner: string;
  /** SHA-256, as of the request: method, path and body. */
  readonly key_hash: string;
  readonly request_hash: string;
  /** The process that works on the request; null once it is answered. */
  readonly instance: string | null;
  readonly status: ColumnType<number | null, undefined, number | null>;
  readonly location: ColumnType<string | null, undefined, string | null>;
  readonly answer: ColumnType<string | null, undefined, string | null>;
  /** Milliseconds since the epoch. */
  readonly created_at: number;
}

interface DatasetTable {
  readonly name: string;
  /** Absolute paths as JSON, in the order in which they are read. */
  readonly files: string;
  readonly fingerprint: string;
  /** Of all files together. */
  readonly bytes: number;
  readonly row_count: number;
  /** By which the requests were counted; both are null before a sweep has read them. */
  readonly request_column: string | null;
  readonly request_count: number | null;
  /** `DatasetColumn`s as JSON. */
  readonly columns: string;
  readonly created_at: string;
}

/** The latest sweep of each study. Times are milliseconds since the epoch. */
interface SweepTable {
  readonly study_id: string;
  /** From 1 on, one more where a sweep begins after another has ended. */
  readonly run: number;
  readonly state: SweepState;
  readonly dataset: string;
  /** Null for the study's own. */
  readonly budget: number | null;
  readonly threads: number;
  readonly actor: string;
  /** The process that works on it or will; null where none does. */
  readonly instance: string | null;
  /** Of processes that ended over it since a trial was completed. */
  readonly deaths: number;
  readonly queued_at: number;
  /** Until when `worked_ms` is counted; null where nothing works. */
  readonly counted_at: number | null;
  readonly worked_ms: number;
  readonly ended_at: number | null;
  /** A `SweepStanding` as JSON. */
  readonly progress: string | null;
  /** A `SweepProblem` as JSON. */
  readonly problem: string | null;
  /** A `SweepFindings` as JSON. */
  readonly result: string | null;
}

interface ImportTable {
  readonly owner: string;
  /** SHA-256. */
  readonly key_hash: string;
  readonly study_id: string;
  /** How many of its trials are stored. */
  readonly trials: number;
  /** Of the lines of these trials. */
  readonly digest: string;
  readonly first_number: number;
  readonly last_number: number;
  /** 1 once it has reached the end of its lines. */
  readonly is_whole: number;
  /** Of its last part, milliseconds since the epoch. */
  readonly stored_at: number;
}

interface ExperimentTable {
  readonly study_id: string;
  /** The round, from 1 on. */
  readonly number: number;
  /** The key under which users are assigned, of no other experiment. */
  readonly name: string;
  readonly state: ExperimentState;
  /** The planned window, as it was given. */
  readonly starts_at: string;
  readonly ends_at: string;
  /** Planned in all groups together; null where nobody said. */
  readonly units: number | null;
  readonly coverage: number;
  readonly unit: string | null;
  /** An `ExperimentProvenance` as JSON. */
  readonly provenance: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly started_at: ColumnType<string | null, undefined, string | null>;
  readonly ended_at: ColumnType<string | null, undefined, string | null>;
  readonly reason: ColumnType<string | null, undefined, string | null>;
}

interface ExperimentArmTable {
  readonly study_id: string;
  readonly experiment_number: number;
  /** 0 is the baseline. */
  readonly position: number;
  readonly name: string;
  readonly kind: ExperimentArm['kind'];
  /** `Weights` as JSON. */
  readonly weights: string;
  readonly share: number;
  readonly generator: ArmGenerator;
  readonly reason: string;
  /** What the log measured, by metric, as JSON; null where it was not asked. */
  readonly offline: string | null;
}

interface ReadoutTable {
  readonly study_id: string;
  readonly experiment_number: number;
  /** From 1 on; the last one counts. */
  readonly revision: number;
  /** SHA-256 of the readout and what was forced. */
  readonly content_hash: string;
  /** A `Readout` as JSON. */
  readonly readout: string;
  /** What the gates found, as JSON. */
  readonly findings: string;
  /** The gates that refused and were forced, as JSON. */
  readonly forced: string;
  /** Why, where somebody said so. */
  readonly force_reason: string | null;
  readonly imported_by: string;
  readonly imported_at: string;
}
