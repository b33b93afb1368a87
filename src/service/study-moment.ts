import { lastSequence } from '../../store/events.ts';
import { inSnapshot, type Store } from '../../store/open.ts';
import {
  completedMeans,
  countTrials,
  lastTrialNumber,
  leanTrials,
  type RunningTrial,
  runningTrials,
  type TrialCount,
  trialNumbers,
} from '../../store/search-trials.ts';
import { getManagedStudy } from '../../store/study-states.ts';
import { MOST_INITIAL_TRIALS, type StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL, isSuggested, type Trial } from '../domain/trial.ts';
import { type TrialState, usesBudget } from '../domain/trial-state.ts';
import { modelledMetrics } from '../optimizer/metric-roles.ts';
import { chooseModelled, MOST_MODELLED } from '../optimizer/modelled-trials.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';

/** Failed and infeasible trials whose weights are kept away from, the latest. */
const MOST_FRUITLESS = 500;

/** A study at one moment: what a suggestion is a function of. */
export interface StudyMoment {
  readonly definition: StudyDefinition;
  readonly revision: number;
  /** The sequence number of its last event. */
  readonly after: number;
  /** All running trials, by number; the lease of some may have expired. */
  readonly running: readonly RunningTrial[];
  /** Trials that no longer run, are in play (`trialsInPlay`), and of more than can be modelled those that are. */
  readonly finished: readonly Trial[];
  readonly hasBaseline: boolean;
  /** How many trials of its budget are used. */
  readonly used: number;
  /** Of the candidates alone. */
  readonly counts: Readonly<Record<TrialState, number>>;
  /** The number that the next trial takes. */
  readonly nextNumber: number;
}

/** Reads the study as it is at one moment, and no more of its trials than can be modelled. Throws `study_not_found`. */
export async function studyMoment(store: Store, studyId: string): Promise<StudyMoment> {
  return inSnapshot(store, async (snapshot) => {
    const { definition, revision } = await getManagedStudy(snapshot, studyId);
    const kinds = await countTrials(snapshot, studyId);
    const numbers = [
      ...(await completedNumbers(
        snapshot,
        definition,
        countOf(kinds, ({ state }) => state === 'completed'),
      )),
      ...(await trialNumbers(snapshot, studyId, ['failed', 'infeasible'], 'last', MOST_FRUITLESS)),
      ...(await trialNumbers(snapshot, studyId, FINISHED, 'first-suggested', MOST_INITIAL_TRIALS)),
    ];
    const candidates = kinds.filter(({ isBaseline }) => !isBaseline);
    return {
      definition,
      revision,
      after: await lastSequence(snapshot, studyId),
      running: await runningTrials(snapshot, studyId),
      finished: trialsInPlay(
        definition,
        (await leanTrials(snapshot, studyId, numbers)).map((trial) => ({ ...trial, leaseExpiresAt: null })),
      ),
      hasBaseline: kinds.some(({ isBaseline }) => isBaseline),
      used: countOf(candidates, ({ state, generator }) => usesBudget(state) && isSuggested(generator)),
      counts: countsByState(candidates),
      nextNumber: ((await lastTrialNumber(snapshot, studyId)) ?? BASELINE_TRIAL) + 1,
    };
  });
}

/** The latest of a study's trials in play, of whatever state, for what only looks at weights. Throws `study_not_found`. */
export async function latestTrials(store: Store, studyId: string): Promise<readonly Trial[]> {
  return inSnapshot(store, async (snapshot) => {
    const numbers = await trialNumbers(snapshot, studyId, ['running', ...FINISHED], 'last', MOST_MODELLED);
    return leanTrials(snapshot, studyId, numbers);
  });
}

/** Those that count for the initial design. */
const FINISHED: readonly TrialState[] = ['completed', 'failed', 'infeasible'];

/** The completed trials: all, or those that are modelled. */
async function completedNumbers(
  snapshot: Store,
  definition: StudyDefinition,
  count: number,
): Promise<readonly number[]> {
  const { name } = definition;
  if (count <= MOST_MODELLED) return trialNumbers(snapshot, name, ['completed'], 'last', MOST_MODELLED);
  const [baseline] = await leanTrials(snapshot, name, [BASELINE_TRIAL]);
  const choice = chooseModelled(definition, baseline, count);
  for await (const page of completedMeans(snapshot, name, modelledMetrics(definition))) choice.add(page);
  return choice.numbers();
}

function countOf(kinds: readonly TrialCount[], counts: (kind: TrialCount) => boolean): number {
  return kinds.reduce((sum, kind) => sum + (counts(kind) ? kind.count : 0), 0);
}

function countsByState(kinds: readonly TrialCount[]): Readonly<Record<TrialState, number>> {
  const of = (wanted: TrialState): number => countOf(kinds, ({ state }) => state === wanted);
  return {
    running: of('running'),
    completed: of('completed'),
    failed: of('failed'),
    infeasible: of('infeasible'),
    abandoned: of('abandoned'),
    voided: of('voided'),
  };
}
