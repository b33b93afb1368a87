import { getExperiment, type StoredExperiment } from '../../store/experiments.ts';
import type { Store } from '../../store/open.ts';
import { getStudy } from '../../store/studies.ts';
import type { Gate } from '../domain/finding.ts';
import type { OnlineDefinition } from '../domain/online.ts';
import type { DuckDbBounds } from '../evaluator/log/with-duckdb.ts';
import { checkNotEnded, type ImportedReadout, importReadout } from './import-readout.ts';
import { onlineStudy } from './online-evidence.ts';
import { checkCovariatesAsked, checkMetricsAsked } from './check-columns-asked.ts';
import type { ExpectedReadout, ReadoutFile } from './read-readout-file.ts';
import { fileRemarks, missingRemarks } from './readout-remarks.ts';
import type { ReadoutTask, StartReadoutProcess } from './readout-process.ts';
import { readUpload } from './read-upload.ts';
import type { WriteContext } from './service-context.ts';
import { type ReadoutTimes, timedReadout } from './timed-readout.ts';
import type { UploadFolder } from './upload-folder.ts';

/** How the service takes files of readouts: where they lie meanwhile, and who reads them. */
export interface ReadoutUploads {
  readonly folder: UploadFolder;
  readonly start: StartReadoutProcess;
  /** Told what who runs the service should know of the files of a study. */
  readonly onFailure: (study: string, line: string) => void;
}

/** A file that has arrived, and how it is to be read. */
export interface UploadedReadout {
  readonly path: string;
  readonly request: ReadoutTask['request'];
  readonly times: ReadoutTimes;
  readonly force: readonly Gate[];
  /** Why they are forced. */
  readonly forceReason: string | null;
  readonly bounds: DuckDbBounds;
}

/** A readout as it was stored, how its file was read, and what is to be known of that. */
export interface ImportedFile extends ImportedReadout {
  readonly read: ReadoutFile;
  readonly remarks: readonly string[];
}

export interface ExperimentOfFile {
  readonly experiment: StoredExperiment;
  readonly online: OnlineDefinition;
  readonly expected: ExpectedReadout;
}

/** What an experiment expects of a file. */
export function expectedReadout(
  { metrics }: OnlineDefinition,
  { arms }: Pick<StoredExperiment, 'arms'>,
): ExpectedReadout {
  return {
    arms: arms.map(({ name }) => name),
    kinds: Object.fromEntries(Object.entries(metrics).map(([metric, { kind }]) => [metric, kind])),
  };
}

/**
 * The experiment that a file is of.
 *
 * Throws `study_not_found`, `experiment_not_found`, `experiment_invalid` for a study that says nothing of experiments and for a
 * metric that it does not have, and `readout_invalid` as `checkCovariatesAsked`.
 */
export async function experimentOfFile(
  store: Store,
  studyId: string,
  number: number,
  request: UploadedReadout['request'],
): Promise<ExperimentOfFile> {
  const { online } = onlineStudy((await getStudy(store, studyId)).definition);
  const experiment = await getExperiment(store, studyId, number);
  const expected = expectedReadout(online, experiment);
  checkMetricsAsked(request, expected.kinds);
  checkCovariatesAsked(request, expected.kinds, { pointer: '/covariate' });
  return { experiment, online, expected };
}

/**
 * Refuses what a file need not be read for: what `experimentOfFile` throws, `experiment_state` for an experiment that has ended, and
 * `readout_invalid` for times that no readout has.
 */
export async function checkBeforeFile(
  store: Store,
  studyId: string,
  number: number,
  { request, times }: Pick<UploadedReadout, 'request' | 'times'>,
): Promise<void> {
  const { experiment } = await experimentOfFile(store, studyId, number, request);
  checkNotEnded(experiment);
  timedReadout({ units: {}, metrics: {} }, experiment, times);
}

/**
 * Imports what a file says that an experiment measured, as `importReadout` does; it is read by a process of its own, which is given
 * up once `signal` is aborted. Nothing is stored then.
 *
 * Throws what `experimentOfFile`, `readReadoutFile` and `importReadout` throw, `disk_full`, `reading_ended`, and the signal's reason.
 */
export async function importReadoutFile(
  context: Pick<WriteContext<ImportedFile>, 'store' | 'clock' | 'actor' | 'onStored'>,
  { start, onFailure }: Pick<ReadoutUploads, 'start' | 'onFailure'>,
  studyId: string,
  number: number,
  { path, request, times, force, forceReason, bounds }: UploadedReadout,
  signal: AbortSignal,
): Promise<ImportedFile> {
  const { experiment, online, expected } = await experimentOfFile(context.store, studyId, number, request);
  const read = await readUpload(start, { path, request, expected, bounds }, signal, (line) =>
    onFailure(studyId, line),
  );
  const readout = timedReadout(read.readout, experiment, times);
  const remarks = [...fileRemarks(read), ...missingRemarks(online, Object.keys(readout.metrics))];
  const { onStored, ...rest } = context;
  const imported = await importReadout(
    {
      ...rest,
      onStored: async (transaction, stored) => onStored?.(transaction, { ...stored, read, remarks }),
    },
    studyId,
    number,
    readout,
    force,
    forceReason,
  );
  return { ...imported, read, remarks };
}
