/** The checks that a readout passes before it is believed. */
export const GATES = [
  'missing_arms',
  'sample_ratio',
  'impossible_sem',
  'mixed_units',
  'immature',
  'early_look',
] as const;
