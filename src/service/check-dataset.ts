import { findDataset, listDatasets } from '../../store/datasets.ts';
import type { Store } from '../../store/open.ts';
import type { DatasetColumn } from '../domain/dataset.ts';
import { DomainError, inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';

const MOST_NAMES = 10;
const MOST_COLUMNS = 40;

/**
 * Throws `study_unsupported` for a study whose log is a path, which is never taken from a client, and `study_invalid` where its dataset
 * is not registered, or lacks columns that it names.
 */
export async function checkDataset(store: Store, study: StudyDefinition): Promise<void> {
  const { log } = study;
  if (log === undefined) return;
  if (log.dataset === undefined) {
    throw new DomainError(
      'study_unsupported',
      'a log of your own is swept on by "pondera sweep": expected dataset: NAME (GET /v1/datasets), or a study without log and heads',
      { pointer: '/log/path' },
    );
  }
  const dataset = await findDataset(store, log.dataset);
  if (dataset === undefined) throw inputError('study_invalid', [await unknownDataset(store, log.dataset)]);
  const problems = [...columnProblems(study, dataset.columns)];
  if (problems.length > 0) throw inputError('study_invalid', problems);
}

async function unknownDataset(store: Store, name: string): Promise<InputProblem> {
  const names = (await listDatasets(store, '', MOST_NAMES + 1)).map((dataset) => dataset.name);
  const shown = [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ['…'] : [])];
  const expected = names.length === 0 ? 'none is registered' : `expected one of ${shown.join(', ')}`;
  return { pointer: '/log/dataset', detail: `no dataset is named "${name}": ${expected}` };
}

function* columnProblems(study: StudyDefinition, columns: readonly DatasetColumn[]): Generator<InputProblem> {
  const names = new Set(columns.map(({ name }) => name));
  const shown = [...names].slice(0, MOST_COLUMNS).join(', ');
  const more = names.size > MOST_COLUMNS ? `, and ${names.size - MOST_COLUMNS} more` : '';
  for (const { path, column } of namedColumns(study)) {
    if (names.has(column)) continue;
    yield {
      pointer: pointerOf(path),
      detail: `dataset "${study.log!.dataset}" has no column "${column}": its columns are ${shown}${more}`,
    };
  }
}

const OF_THE_LOG = [
  'request',
  'weight',
  'segment',
  'examination',
  'user',
  'timestamp',
  'position',
  'displayPropensity',
] as const;

/** The columns that a study names, and where. */
function* namedColumns({
  log,
  heads = {},
  baseline,
}: StudyDefinition): Generator<{ path: readonly string[]; column: string }> {
  for (const key of OF_THE_LOG) {
    const column = log?.[key];
    if (column !== undefined) yield { path: ['log', key], column };
  }
  for (const [name, { score, label }] of Object.entries(heads)) {
    yield { path: ['heads', name, 'score'], column: score };
    yield { path: ['heads', name, 'label'], column: label };
  }
  if (baseline !== undefined && 'scoreColumn' in baseline)
    yield { path: ['baseline', 'scoreColumn'], column: baseline.scoreColumn };
}
