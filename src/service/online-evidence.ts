import { listExperiments, type StoredExperiment } from '../../store/experiments.ts';
import { lastSequence } from '../../store/events.ts';
import { inSnapshot, type Store } from '../../store/open.ts';
import { experimentsLookedAtEarly, latestReadouts, type StoredReadout } from '../../store/readouts.ts';
import { leanTrials, trialNumbers } from '../../store/search-trials.ts';
import { getManagedStudy } from '../../store/study-states.ts';
import { withDerived } from '../domain/derived-metric.ts';
import { DomainError } from '../domain/errors.ts';
import { BASELINE_ARM } from '../domain/experiment.ts';
import type { OnlineDefinition } from '../domain/online.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { BASELINE_TRIAL } from '../domain/trial.ts';
import type { LoggedWeights, OnlineEvidence, ReadRound } from '../online/arms/online-evidence.ts';
import { spreadLogged } from '../online/arms/spread-logged.ts';
import { metricMeans } from '../online/readouts/metric-means.ts';
import { MOST_MODELLED } from '../optimizer/modelled-trials.ts';

/** Weights of the log that are modelled beside those of arms: models take the cube of their number, for each of 15 values of ρ. */
const MOST_LOGGED = 60;

export type OnlineStudy = StudyDefinition & { readonly online: OnlineDefinition };

/** A trial as the log's knowledge. */
export interface LoggedTrial extends LoggedWeights {
  readonly number: number;
}

/** All that is stored of a study's experiments at one moment. */
export interface OnlineMoment {
  readonly definition: OnlineStudy;
  readonly revision: number;
  /** The sequence number of the study's last event. */
  readonly after: number;
  readonly experiments: readonly StoredExperiment[];
  /** The last readout of each experiment that has one. */
  readonly readouts: readonly StoredReadout[];
  /** Experiments of which some readout was before their planned end. */
  readonly lookedEarly: ReadonlySet<number>;
  /** Completed trials with weights and some metric that is the log's knowledge of an online one, the baseline first. */
  readonly trials: readonly LoggedTrial[];
  /** The spreads of a log at hand, for models where no experiment has stored any; null without one. */
  readonly spreads: OnlineEvidence['spreads'];
}

/** Reads a study with its experiments. Throws `study_not_found`, and `experiment_invalid` where it says nothing of experiments. */
export async function onlineMoment(store: Store, studyId: string): Promise<OnlineMoment> {
  return inSnapshot(store, async (snapshot) => {
    const { definition, revision } = await getManagedStudy(snapshot, studyId);
    const online = onlineStudy(definition);
    const numbers = await trialNumbers(snapshot, studyId, ['completed'], 'last', MOST_MODELLED);
    const completed = await leanTrials(snapshot, studyId, [BASELINE_TRIAL, ...numbers]);
    const known = new Set(
      Object.values(online.online.metrics).flatMap(({ offline }) => (offline === undefined ? [] : [offline])),
    );
    const measured = completed
      .filter(({ state }) => state === 'completed')
      .map(({ number, weights, observations }) => ({
        number,
        weights,
        metrics: Object.fromEntries(
          Object.entries(withDerived(definition, observations)).flatMap(([metric, { mean }]) =>
            known.has(metric) ? [[metric, mean] as const] : [],
          ),
        ),
      }))
      .filter(({ metrics }) => Object.keys(metrics).length > 0);
    return {
      definition: online,
      revision,
      after: await lastSequence(snapshot, studyId),
      experiments: await listExperiments(snapshot, studyId),
      readouts: await latestReadouts(snapshot, studyId),
      lookedEarly: await experimentsLookedAtEarly(snapshot, studyId),
      trials: measured.flatMap(({ weights, ...trial }) => (weights === null ? [] : [{ ...trial, weights }])),
      spreads: null,
    };
  });
}

/** Throws `experiment_invalid` where a study says nothing of experiments. */
export function onlineStudy(definition: StudyDefinition): OnlineStudy {
  const { online } = definition;
  if (online !== undefined) return { ...definition, online };
  throw new DomainError(
    'experiment_invalid',
    `study "${definition.name}" says nothing of experiments: expected online: {metrics, objective} in it`,
  );
}

/** What models see: the rounds up to one, and the log at the weights of trials and of arms that it was asked about. */
export function onlineEvidence(
  { definition, experiments, readouts, trials, spreads }: OnlineMoment,
  upTo = Infinity,
): { readonly evidence: OnlineEvidence; readonly trials: readonly number[] } {
  const rounds = readouts.flatMap((readout) => {
    const experiment = experiments.find(({ number }) => number === readout.experiment)!;
    return experiment.number <= upTo ? [readRound(experiment, readout)] : [];
  });
  const spread = spreadLogged(definition, trials, MOST_LOGGED);
  const planned = experiments.filter(({ number }) => number <= upTo);
  const stored = planned.find(({ provenance }) => provenance.spreads !== null)?.provenance.spreads;
  const asked = planned
    .flatMap(({ arms }) =>
      arms.flatMap(({ weights, offline }) => (offline === null ? [] : [{ weights, metrics: offline }])),
    )
    .filter(({ weights }, i, all) => all.findIndex((other) => isSame(other.weights, weights)) === i)
    .filter(({ weights }) => !spread.some((trial) => isSame(trial.weights, weights)));
  return {
    evidence: {
      rounds,
      logged: [...spread.map(({ weights, metrics }) => ({ weights, metrics })), ...asked],
      spreads: stored ?? spreads,
    },
    trials: spread.map(({ number }) => number),
  };
}

/** A round as its last readout tells it; arms that are missing there are missing here. */
function readRound({ number, arms }: StoredExperiment, { readout }: StoredReadout): ReadRound {
  return {
    experiment: number,
    arms: arms.map(({ name, weights }) => ({ name, weights })),
    metrics: Object.fromEntries(
      Object.entries(readout.metrics).map(([metric, read]) => [
        metric,
        metricMeans(read, readout.units, BASELINE_ARM)
          .filter(({ arm }) => arms.some(({ name }) => name === arm))
          .map(({ arm, mean, variance }) => ({ arm, mean, variance })),
      ]),
    ),
    correlations: readout.correlations ?? [],
  };
}

function isSame(a: LoggedWeights['weights'], b: LoggedWeights['weights']): boolean {
  return Object.keys(a).every((name) => a[name] === b[name]);
}
