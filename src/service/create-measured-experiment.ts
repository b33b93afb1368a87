import { findDatasetOfBytes, type StoredDataset } from '../../store/datasets.ts';
import type { Store } from '../../store/open.ts';
import { getStudy, type StoredStudy } from '../../store/studies.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import type { ExperimentRequest } from '../domain/experiment.ts';
import { HISTOGRAM_FORM } from './arms-on-log.ts';
import { createExperiment } from './create-experiment.ts';
import type { MeasuringDesk, OpenedArmLog } from './measuring-desk.ts';
import { datasetOf } from './read-sweep.ts';
import type { StoredExperiment } from './read-experiments.ts';
import type { WriteContext } from './service-context.ts';

/** Without a desk this service measures nothing. */
export interface MeasuringContext {
  readonly measuring?: MeasuringDesk | undefined;
}

/**
 * Plans the next round as `createExperiment` does with the study's registered dataset as the log at hand: the experiment is the one that
 * `pondera arms --log` plans, to the bit. Where there is nothing to measure on, the experiment notes why.
 *
 * Throws what `createExperiment` throws, and `dataset_unusable`, `log_invalid`, `log_unreadable` and `study_changed` of a dataset that cannot be read.
 */
export async function createMeasuredExperiment(
  context: WriteContext<StoredExperiment> & MeasuringContext,
  studyId: string,
  request: ExperimentRequest,
): Promise<StoredExperiment> {
  const { store, measuring } = context;
  let opened: OpenedArmLog | undefined;
  try {
    return await createExperiment(context, studyId, request, async () => {
      if (!request.measure) return 'the request says so';
      await checkTakesTrials(store, studyId);
      const study = await getStudy(store, studyId);
      const dataset = await measuredDataset(store, study);
      if (typeof dataset === 'string') return dataset;
      if (measuring === undefined) return 'this service may read no dataset (serve --datasets)';
      opened = await measuring.open(study, dataset);
      return opened.log;
    });
  } finally {
    opened?.close();
  }
}

/** What a study's arms are measured on; in words why it is nothing. Throws `dataset_unusable`. */
async function measuredDataset(store: Store, study: StoredStudy): Promise<StoredDataset | string> {
  const { log } = study.definition;
  if (log === undefined) return 'the study has none';
  if (log.form === 'histogram') return HISTOGRAM_FORM;
  const { logFingerprint } = study;
  const isKnown =
    log.dataset !== undefined ||
    (logFingerprint !== null && (await findDatasetOfBytes(store, logFingerprint)) !== undefined);
  return isKnown ? datasetOf(store, study) : 'no dataset with the bytes of the study’s is registered';
}
