/** The engagements that the surface's ranker predicts, in the order of weights and of every array by head. */
export const HEADS = ['click', 'save', 'long_click', 'hide'] as const;

export type Head = (typeof HEADS)[number];

/** −1 for an engagement that nobody wants: its term is subtracted from the utility. */
export const SIGNS = [1, 1, 1, -1] as const;

export const HEAD_COUNT = HEADS.length;

/** What is to be maximised, as an index of `HEADS`. */
export const OBJECTIVE = HEADS.indexOf('long_click');

/** A bound relative to the baseline: metric ≥ factor · baseline, or ≤ where the head is unwanted. */
export interface WorldGuardrail {
  /** Index of `HEADS`. */
  readonly head: number;
  readonly factor: number;
}

/** What every world asks to keep: the objective must not be bought with saves, clicks or annoyed users. */
export const GUARDRAILS: readonly WorldGuardrail[] = [
  { head: HEADS.indexOf('click'), factor: 0.97 },
  { head: HEADS.indexOf('save'), factor: 0.97 },
  { head: HEADS.indexOf('hide'), factor: 1.05 },
];
