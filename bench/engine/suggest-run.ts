/** Suggestions one after another in one process, each after the one before was measured. */
export interface SuggestSetting {
  readonly dimension: number;
  /** Completed trials before the first suggestion. */
  readonly observations: number;
  readonly noisy: boolean;
  /** Candidates of each suggestion. */
  readonly batch: number;
  /** After the first, which is cold. */
  readonly warm: number;
}

export interface SuggestRun {
  /** The first suggestion, when the threads have loaded their modules and nothing is compiled. */
  readonly coldMs: number;
  readonly warmMs: readonly number[];
  /** Of the whole process, its threads included. */
  readonly peakMb: number;
}

/** The figure of a setting: `suggest_ms_d10_n100_noisy`; 4 weights and single, exact suggestions are left out. */
export function suggestFigure({ dimension, observations, noisy, batch }: SuggestSetting): string {
  const weights = dimension === 4 ? '' : `d${dimension}_`;
  const kind = batch > 1 ? `_q${batch}` : noisy ? '_noisy' : '';
  return `suggest_ms_${weights}n${observations}${kind}`;
}
