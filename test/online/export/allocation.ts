import { type Allocation, allocationSchema } from '../../../src/domain/allocation.ts';

/** Three arms, the baseline what production does. */
export const ALLOCATION: Allocation = allocationSchema.parse({
  experiment: 'related-1',
  seed: 'related-1-2026',
  coverage: 0.6,
  arms: [
    { name: 'baseline', weights: null, share: 3 },
    { name: 'arm-1', weights: { click: 0.3, save: 0.7 }, share: 2 },
    { name: 'arm-2', weights: { click: 0.5, save: 0.5 }, share: 2 },
  ],
});
