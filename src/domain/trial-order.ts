import { metricNameSchema } from './metric.ts';

/** How trials are listed: by number, or those that have a metric by its mean, then by number. */
export interface TrialOrder {
  readonly by: 'number' | { readonly metric: string };
  readonly descending: boolean;
}

const OF_METRIC = 'metrics.';

/**
 * `number` or `metrics.NAME`, with a minus in front to have the largest first.
 *
 * Returns a complaint where the text is neither.
 */
export function parseTrialOrder(text: string): TrialOrder | string {
  const descending = text.startsWith('-');
  const key = descending ? text.slice(1) : text;
  if (key === 'number') return { by: 'number', descending };
  const metric = key.slice(OF_METRIC.length);
  if (key.startsWith(OF_METRIC) && metricNameSchema.safeParse(metric).success) {
    return { by: { metric }, descending };
  }
  return 'expected number or metrics.NAME, with - in front for the largest first';
}
