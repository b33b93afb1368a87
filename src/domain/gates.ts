/** The checks that a readout passes before it is believed. */
export const GATES = [
  'missing_arms',
  'sample_ratio',
  'impossible_sem',
  'mixed_units',
  'moved_covariate',
  'immature',
  'early_look',
] as const;

/** Those that may refuse, and so may be forced; an early look is warned of alone. */
export const REFUSING_GATES = GATES.filter((gate) => gate !== 'early_look');
