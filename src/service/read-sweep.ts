import { findDataset, findDatasetOfBytes, type StoredDataset } from '../../store/datasets.ts';
import { lastSequence } from '../../store/events.ts';
import { inReadTransaction, type Store } from '../../store/open.ts';
import { countTrials } from '../../store/search-trials.ts';
import { getStudy, type StoredStudy } from '../../store/studies.ts';
import { countSweeps as count, findSweep } from '../../store/sweeps.ts';
import { DomainError } from '../domain/errors.ts';
import type { Sweep } from '../domain/sweep.ts';
import { isUnderWay, type SweepState } from '../domain/sweep-state.ts';
import { workedUntil } from './end-sweep.ts';
import type { ProcessInstance } from './process-instance.ts';
import { millisecondsOf, type ServiceContext } from './service-context.ts';
import type { SweepDesk } from './sweep-desk.ts';
import { withDefaults } from './sweep-defaults.ts';
import type { SweepPhase } from './sweep-messages.ts';

/** What the use cases of sweeps work with. Without a desk this service begins none. */
export interface SweepingContext extends ServiceContext {
  readonly instance: ProcessInstance;
  readonly sweeps?: SweepDesk | undefined;
}

/** A sweep with what is known of it at one moment. */
export interface SweepView extends Sweep {
  /** What its process does; null where it has none, or another service has it. */
  readonly phase: SweepPhase | 'starting' | null;
  /** Completed trials of the study, the baseline not counted. */
  readonly completed: number;
  /** Trials that it is to come to. */
  readonly total: number;
  /** How long it has been worked on so far. */
  readonly seconds: number;
  /** The sequence number of the study's last event. */
  readonly lastEvent: number;
}

/** The latest sweep of a study. Throws `study_not_found`, `sweep_not_found`. */
export async function readSweep(context: SweepingContext, studyId: string): Promise<SweepView> {
  return inReadTransaction(context.store, async (transaction) => {
    await getStudy(transaction, studyId);
    const sweep = await findSweep(transaction, studyId);
    if (sweep === undefined) throw noSweep(studyId);
    return viewOf(context, transaction, sweep);
  });
}

export function noSweep(studyId: string): DomainError {
  return new DomainError(
    'sweep_not_found',
    `study "${studyId}" has not been swept by the service: expected POST /v1/studies/${studyId}:sweep`,
  );
}

/** How many trials of a study are completed, the baseline not counted. */
export async function completedTrials(store: Store, studyId: string): Promise<number> {
  const kinds = await countTrials(store, studyId);
  return kinds
    .filter(({ isBaseline, state }) => !isBaseline && state === 'completed')
    .reduce((sum, kind) => sum + kind.count, 0);
}

/** A stored sweep with what is known of it besides. */
export async function viewOf(
  { clock, sweeps, instance }: Pick<SweepingContext, 'clock' | 'sweeps' | 'instance'>,
  transaction: Store,
  sweep: Sweep,
): Promise<SweepView> {
  const { definition } = await getStudy(transaction, sweep.study);
  const completed = await completedTrials(transaction, sweep.study);
  const state = stateOf(sweep, { sweeps, instance });
  const isWorked = state === 'running';
  const worked = isWorked ? workedUntil(sweep, millisecondsOf(clock())) : sweep.workedMs;
  return {
    ...sweep,
    state,
    phase: isWorked ? (sweeps?.phaseOf(sweep.study) ?? null) : null,
    completed,
    total: sweep.budget ?? withDefaults(definition).budget,
    seconds: worked / 1000,
    lastEvent: await lastSequence(transaction, sweep.study),
  };
}

/** The state as it is: a sweep whose process has ended without a word is interrupted. */
export function stateOf(
  { study, state, instance: id }: Sweep,
  { sweeps, instance }: Pick<SweepingContext, 'sweeps' | 'instance'>,
): SweepState {
  if (!isUnderWay(state)) return state;
  const isWithSomebody =
    id === instance.id ? sweeps?.has(study) === true : id !== null && instance.isAlive(id);
  return isWithSomebody ? state : 'interrupted';
}

/** The registered dataset that a study is swept on: the one it names or, of a study with a log of its own, one with the same bytes. */
export async function datasetOf(
  store: Store,
  { definition: { name, log }, logFingerprint }: StoredStudy,
): Promise<StoredDataset> {
  if (log === undefined) {
    throw new DomainError(
      'study_unsupported',
      `study "${name}" has no log: its trials are completed by its clients (trials:suggest)`,
    );
  }
  if (log.dataset !== undefined) {
    const dataset = await findDataset(store, log.dataset);
    if (dataset !== undefined) return dataset;
    throw unusable(`dataset "${log.dataset}" is not registered any more: expected it (pondera datasets add)`);
  }
  const dataset = logFingerprint === null ? undefined : await findDatasetOfBytes(store, logFingerprint);
  if (dataset !== undefined) return dataset;
  throw unusable(
    `study "${name}" has a log of its own, with whose bytes no dataset is registered: expected one (pondera datasets add)`,
  );
}

function unusable(message: string): DomainError {
  return new DomainError('dataset_unusable', message);
}

/** How many sweeps there are in each state, as they are stored. */
export async function countSweeps(store: Store): Promise<ReadonlyMap<SweepState, number>> {
  return new Map((await count(store)).map(({ state, count }) => [state, count]));
}
