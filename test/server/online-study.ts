import type { Weights } from '../../src/domain/trial.ts';
import { RELEVANCE_STUDY } from './relevance-study.ts';

/** The relevance study with experiments: saves want what relevance wants, clicks fall with the first weight as safety does. */
export const ONLINE_STUDY = {
  ...RELEVANCE_STUDY,
  online: {
    metrics: {
      saves: { kind: 'volume', offline: 'relevance', mean: 1, stddev: 2, relevantEffect: 0.005 },
      clicks: { kind: 'propensity', offline: 'safety', mean: 0.4 },
    },
    objective: 'maximize saves',
    guardrails: ['clicks >= 0.98 * baseline'],
    rounds: 2,
  },
} as const;

export const WINDOW = { start: '2025-12-01', end: '2025-12-15' } as const;

/** What is true of weights, per user. */
export function trueSavesAndClicks({ fresh, close, liked }: Weights): {
  readonly saves: number;
  readonly clicks: number;
} {
  return {
    saves: 1 + 0.3 * (1 - (fresh! - 0.6) ** 2 - (close! - 0.3) ** 2 - (liked! - 0.1) ** 2),
    clicks: 0.42 - 0.06 * fresh!,
  };
}
