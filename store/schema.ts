import type { Scope } from '../src/domain/api-key.ts';
import type { TrialState } from '../src/domain/trial.ts';

/** The tables as of the newest migration. Integers, text and JSON text: types that PostgreSQL shares. */
export interface Database {
  readonly studies: StudyTable;
  readonly trials: TrialTable;
  readonly observations: ObservationTable;
  readonly api_keys: ApiKeyTable;
}

interface StudyTable {
  readonly id: string;
  /** A `StudyDefinition` as JSON. */
  readonly definition: string;
  /** SHA-256 of the log that the study was first run on; null without a log. */
  readonly log_fingerprint: string | null;
  readonly created_at: string;
}

interface TrialTable {
  readonly study_id: string;
  readonly number: number;
  readonly state: TrialState;
  /** `Weights` as JSON; null for a baseline without weights. */
  readonly weights: string | null;
  /** A `Provenance` as JSON. */
  readonly provenance: string;
  readonly created_at: string;
  readonly completed_at: string | null;
}

interface ObservationTable {
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
