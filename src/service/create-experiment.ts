import { appendEvents } from '../../store/events.ts';
import { insertExperiment, listExperiments, type StoredExperiment } from '../../store/experiments.ts';
import { inTransaction } from '../../store/open.ts';
import { checkTakesTrials } from '../../store/study-states.ts';
import { DomainError } from '../domain/errors.ts';
import type { ExperimentArm, ExperimentRequest } from '../domain/experiment.ts';
import { BASELINE_ARM } from '../domain/experiment.ts';
import type { Weights } from '../domain/trial.ts';
import { sharpestControlShare } from '../online/plan/traffic-split.ts';
import type { OpenArmLog } from './arm-log.ts';
import {
  type ArmBeforeSplit,
  measuredArms,
  mergedArms,
  requestOnLog,
  withoutLogNotes,
} from './arms-on-log.ts';
import { checkHandPicked } from './hand-picked-arms.ts';
import { onlineEvidence, onlineMoment, type OnlineMoment } from './online-evidence.ts';
import { proposeArms } from './propose-arms.ts';
import { readExperiment } from './read-experiments.ts';
import { roundNotes } from './round-notes.ts';
import { occasionOf, type WriteContext } from './service-context.ts';

/**
 * Plans the next round of a study's experiments: the baseline, the arms that were picked by hand, and those that the study chooses.
 *
 * Without a readout so far these fill the space, the last of them what the log promises; from then on they are chosen by the joint
 * posterior of log and rounds. With a log at hand, which is opened once it is known that a round may be planned, the arms are measured on it
 * too, and those that rank alike are merged. A function of what is stored, the log, the request and the seed.
 *
 * Throws `study_not_found`, `study_archived`, `experiment_invalid`, `weights_invalid` for weights that were picked by hand,
 * `experiment_state` while the round before was not read out, or where the study was changed, or another round planned, meanwhile.
 */
export async function createExperiment(
  context: WriteContext<StoredExperiment>,
  studyId: string,
  asked: ExperimentRequest,
  openLog?: OpenArmLog,
): Promise<StoredExperiment> {
  return context.queue(lineOf(studyId), async () => {
    const stored = await onlineMoment(context.store, studyId);
    checkRoundBefore(stored);
    const number = (stored.experiments.at(-1)?.number ?? 0) + 1;
    checkHandPicked(stored, asked);
    const opened = await openLog?.();
    const log = typeof opened === 'string' ? undefined : opened;
    const moment = { ...stored, spreads: log?.spreads ?? null };
    const request = requestOnLog(asked, log);
    const seed = request.seed ?? moment.definition.seed;
    const proposal = await proposeArms(context, moment, { ...request, seed });
    const named = namedArms(moment, request, number, proposal.arms);
    const measured = await measuredArms(named, log);
    const { arms, merged } = await mergedArms(measured, request, log);
    if (arms.length < 2) throw baselineAlone(merged.length);
    const { trials, evidence } = onlineEvidence(moment);
    const notes = [
      ...proposal.notes,
      ...withoutLogNotes(request, opened),
      ...(await roundNotes(context.store, moment)),
    ];
    const experiment = {
      number,
      name: request.name ?? `${studyId}-${number}`.slice(-MOST_NAME),
      window: request.window,
      units: request.units ?? null,
      coverage: request.coverage,
      unit: request.unit ?? null,
      arms: withShares(arms, request.controlShare),
      provenance: {
        seed,
        request,
        readouts: moment.readouts.map(({ experiment: of, revision }) => ({ experiment: of, revision })),
        trials: [...trials],
        spreads: evidence.spreads,
        after: moment.after,
        merged: [...merged],
        notes: [...notes],
      },
    };
    return inTransaction(context.store, async (transaction) => {
      if ((await checkTakesTrials(transaction, studyId)) !== moment.revision) throw changedMeanwhile(studyId);
      const known = await listExperiments(transaction, studyId);
      if (known.length !== moment.experiments.length) throw plannedMeanwhile(studyId);
      const occasion = occasionOf(context);
      await insertExperiment(transaction, studyId, experiment, occasion);
      await appendEvents(transaction, studyId, occasion, [
        {
          kind: 'experiment_created',
          trial: null,
          payload: { experiment: number, arms: arms.map(({ name }) => name) },
        },
      ]);
      const planned = await readExperiment({ store: transaction }, studyId, number);
      await context.onStored?.(transaction, planned);
      return planned;
    });
  });
}

/** Rounds of one study are planned one after another; its trials and its sweep do not wait for a log that is read. */
function lineOf(studyId: string): string {
  return `${studyId}/experiments`;
}

/** Names of studies and of experiments are as long. */
const MOST_NAME = 64;

/** Throws `experiment_state` while an earlier round may still teach something. */
export function checkRoundBefore({ experiments }: Pick<OnlineMoment, 'experiments'>): void {
  const open = experiments.find(({ state }) => state === 'planned' || state === 'running');
  if (open === undefined) return;
  throw new DomainError(
    'experiment_state',
    `experiment ${open.number} was not read out: expected its readout, or its end (:end, or pondera arms --end), before another is planned`,
    {},
    { state: open.state },
  );
}

function baselineAlone(merged: number): DomainError {
  return new DomainError(
    'experiment_invalid',
    merged === 0
      ? 'has no arm beside the baseline: expected arms of 1 or more, or handPicked'
      : `has no arm beside the baseline, as the log is ranked alike by all ${merged} that were chosen: expected more arms, handPicked, or a larger tau above which they are merged`,
    { pointer: '/arms' },
  );
}

function namedArms(
  { definition }: OnlineMoment,
  { handPicked }: ExperimentRequest,
  number: number,
  chosen: readonly Pick<ExperimentArm, 'weights' | 'generator' | 'reason'>[],
): readonly ArmBeforeSplit[] {
  const baseline = definition.baseline as { readonly weights: Weights };
  return [
    {
      name: BASELINE_ARM,
      kind: 'baseline',
      weights: baseline.weights,
      generator: 'baseline',
      reason: 'what is served today: every arm is compared with it',
      offline: null,
    },
    ...handPicked.map(({ name, weights }, i): ArmBeforeSplit => ({
      name: name ?? `r${number}-hand-${i + 1}`,
      kind: 'hand_picked',
      weights,
      generator: 'hand_picked',
      reason: 'picked by hand',
      offline: null,
    })),
    ...chosen.map(({ weights, generator, reason }, i): ArmBeforeSplit => ({
      name: `r${number}-${i + 1}`,
      kind: 'suggested',
      weights,
      generator,
      reason,
      offline: null,
    })),
  ];
}

/** Shares that add up to 1. */
function withShares(
  arms: readonly ArmBeforeSplit[],
  controlShare: ExperimentRequest['controlShare'],
): readonly ExperimentArm[] {
  const others = arms.length - 1;
  const control =
    controlShare === 'equal'
      ? 1 / arms.length
      : controlShare === 'sharpest'
        ? sharpestControlShare(others)
        : controlShare;
  return arms.map((arm, i) => ({ ...arm, share: i === 0 ? control : (1 - control) / others }));
}

function changedMeanwhile(studyId: string): DomainError {
  return new DomainError(
    'experiment_state',
    `study "${studyId}" was changed while arms were chosen for it: expected the same request again`,
  );
}

function plannedMeanwhile(studyId: string): DomainError {
  return new DomainError(
    'experiment_state',
    `another experiment of study "${studyId}" was planned meanwhile: expected a look at it first`,
  );
}
