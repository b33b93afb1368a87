import { observedMetrics, type TrialFilter, trialPage, type TrialPosition } from '../../store/list-trials.ts';
import { getStudy } from '../../store/studies.ts';
import type { StoredTrial } from '../../store/trials.ts';
import { measurableMetrics } from './check-metrics.ts';
import type { ServiceContext } from './service-context.ts';

/** Trials that are read at once: they are made into objects in some milliseconds. */
const CHUNK = 100;

/** A study's trials, to be written down. */
export interface TrialExport {
  readonly weights: readonly string[];
  /** All that a trial of it can have, also one that is measured while it is read. */
  readonly metrics: readonly string[];
  /** By number, some at a time. */
  readonly chunks: AsyncIterable<readonly StoredTrial[]>;
}

/**
 * All trials of a study that a filter lets through. Each chunk is as it is when it is read: a reader that is slow holds up nobody.
 *
 * Throws `study_not_found`.
 */
export async function exportTrials(
  { store }: Pick<ServiceContext, 'store'>,
  studyId: string,
  filter: TrialFilter,
): Promise<TrialExport> {
  const { definition } = await getStudy(store, studyId);
  const observed = await observedMetrics(store, studyId);
  return {
    weights: Object.keys(definition.weights),
    metrics: [...new Set([...measurableMetrics(definition), ...observed])],
    chunks: chunks(),
  };

  async function* chunks(): AsyncGenerator<readonly StoredTrial[]> {
    let after: TrialPosition | undefined;
    do {
      const order = { by: 'number', descending: false } as const;
      const { trials, last } = await trialPage(store, studyId, filter, order, after, CHUNK);
      yield trials;
      after = last;
    } while (after !== undefined);
  }
}
