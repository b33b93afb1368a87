/** The checks that a readout passes before it is believed. */
export type Gate =
  'missing_arms' | 'sample_ratio' | 'impossible_sem' | 'mixed_units' | 'immature' | 'early_look';

/** What a gate found. A refusal stands until somebody forces it, which is then recorded under the gate's name. */
export interface Finding {
  readonly gate: Gate;
  readonly severity: 'refuse' | 'warn';
  /** Null where it is about the experiment as a whole. */
  readonly metric: string | null;
  readonly arm: string | null;
  /** One line: what was found, and what is expected. */
  readonly message: string;
}

/** What the gates must know of the experiment: the control and each arm with its planned share. */
export interface PlannedArms {
  readonly control: string;
  readonly shares: Readonly<Record<string, number>>;
}
