import { type Measurement, type MetricReadout, readoutSchema } from '../../../src/domain/readout.ts';

export const PLANNED = { control: 'baseline', shares: { baseline: 2, 'arm-1': 1, 'arm-2': 1 } };
export const UNITS = { baseline: 20_000, 'arm-1': 10_000, 'arm-2': 10_100 };
export const TIME = { readAt: '2026-03-17', plannedEnd: '2026-03-15' };

export const GOOD = readoutSchema.parse({
  window: { start: '2026-03-01', end: '2026-03-15' },
  maturesAt: '2026-03-16',
  units: UNITS,
  metrics: {
    clickers: {
      kind: 'propensity',
      arms: {
        baseline: { mean: 0.2, sem: 0.0028 },
        'arm-1': { mean: 0.21, sem: 0.0041 },
        'arm-2': { mean: 0.19, sem: 0.0039 },
      },
    },
    clicks: { kind: 'volume', arms: { 'arm-1': { lift: 0.01, sem: 0.02 }, 'arm-2': { lift: 0, sem: 0.02 } } },
  },
});

export function metric(
  kind: MetricReadout['kind'],
  arms: Record<string, Measurement>,
  adjusted = false,
): MetricReadout {
  return { kind, adjusted, arms };
}
