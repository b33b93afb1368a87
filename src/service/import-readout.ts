import { createHash } from 'node:crypto';
import { appendEvents } from '../../store/events.ts';
import { getExperiment, setExperimentState, type StoredExperiment } from '../../store/experiments.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { insertReadout, lastReadout, latestReadouts, type StoredReadout } from '../../store/readouts.ts';
import { getStudy } from '../../store/studies.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { DomainError, inputError, type InputProblem, pointerOf } from '../domain/errors.ts';
import { BASELINE_ARM, plannedShares } from '../domain/experiment.ts';
import type { Gate } from '../domain/finding.ts';
import type { OnlineDefinition } from '../domain/online.ts';
import type { Readout } from '../domain/readout.ts';
import { checkReadout, readoutError, standingRefusals } from '../online/readouts/check-readout.ts';
import { earlierMetrics } from '../online/readouts/earlier-metrics.ts';
import { checkCorrelations } from './check-correlations.ts';
import { onlineStudy } from './online-evidence.ts';
import { occasionOf, type WriteContext } from './service-context.ts';

/** A readout as it was stored, and whether it is a new one. */
export interface ImportedReadout {
  readonly readout: StoredReadout;
  /** False where the last one was the same. */
  readonly isNew: boolean;
}

/**
 * Imports what an experiment measured so far: a new revision, which counts from then on; earlier ones stay in the history.
 *
 * The same readout again is no new revision. Gates that refuse must be forced by name, which is stored with the revision, as is the reason
 * where one is given.
 *
 * Throws `study_not_found`, `experiment_not_found`, `experiment_invalid` for a study that says nothing of experiments,
 * `experiment_state` for one that has ended, `readout_invalid` for metrics that the study does not have, of another kind, correlations that no
 * numbers have, and refusals that nobody forces.
 */
export async function importReadout(
  context: Pick<WriteContext<ImportedReadout>, 'store' | 'clock' | 'actor' | 'onStored'>,
  studyId: string,
  number: number,
  readout: Readout,
  force: readonly Gate[] = [],
  reason: string | null = null,
): Promise<ImportedReadout> {
  return inTransaction(context.store, async (transaction) => {
    const { online } = onlineStudy((await getStudy(transaction, studyId)).definition);
    const experiment = await getExperiment(transaction, studyId, number);
    checkMetrics(online, readout);
    checkCorrelations(readout);
    const occasion = occasionOf(context);
    const findings = checkReadout(
      readout,
      { control: BASELINE_ARM, shares: plannedShares(experiment) },
      { readAt: occasion.at, plannedEnd: experiment.window.end },
      earlierMetrics(online, await readoutBefore(transaction, studyId, number), BASELINE_ARM),
    );
    const refusals = findings.filter(({ severity }) => severity === 'refuse');
    const standing = standingRefusals(findings, force);
    if (standing.length > 0) throw readoutError(standing);
    const forced = [...new Set(refusals.map(({ gate }) => gate))].toSorted();
    const forceReason = forced.length === 0 ? null : reason;
    const contentHash = createHash('sha256').update(canonicalJson({ readout, forced })).digest('hex');
    const last = await lastReadout(transaction, studyId, number);
    if (last?.contentHash === contentHash) {
      const same = { readout: last, isNew: false };
      await context.onStored?.(transaction, same);
      return same;
    }
    checkNotEnded(experiment);
    const revision = (last?.revision ?? 0) + 1;
    const stored = { experiment: number, revision, contentHash, readout, findings, forced, forceReason };
    await insertReadout(transaction, studyId, stored, occasion);
    await setExperimentState(transaction, studyId, number, 'read_out');
    await appendEvents(transaction, studyId, occasion, [
      {
        kind: 'readout_imported',
        trial: null,
        payload: {
          experiment: number,
          revision,
          forced,
          ...(forceReason !== null && { reason: forceReason }),
        },
      },
    ]);
    const imported = {
      readout: { ...stored, importedBy: occasion.actor, importedAt: occasion.at },
      isNew: true,
    };
    await context.onStored?.(transaction, imported);
    return imported;
  });
}

/** Throws `readout_invalid`. */
function checkMetrics({ metrics }: OnlineDefinition, readout: Readout): void {
  const known = Object.keys(metrics);
  const given = Object.entries(readout.metrics);
  const problems = given.flatMap(([metric, { kind }]): readonly InputProblem[] => {
    if (!Object.hasOwn(metrics, metric)) {
      const detail = `is no metric of the study's experiments: expected one of ${known.join(', ')}`;
      return [{ pointer: pointerOf(['metrics', metric]), detail }];
    }
    const expected = metrics[metric]!.kind;
    if (kind === expected) return [];
    return [
      {
        pointer: pointerOf(['metrics', metric, 'kind']),
        detail: `is ${kind}: expected ${expected}, as the study says`,
      },
    ];
  });
  if (given.length === 0) {
    const detail = `has no metric: expected some of ${known.join(', ')}`;
    throw inputError('readout_invalid', [{ pointer: '/metrics', detail }]);
  }
  if (problems.length > 0) throw inputError('readout_invalid', problems);
}

/** Throws `experiment_state` for an experiment that takes no other readout than its last. */
export function checkNotEnded({ number, state }: Pick<StoredExperiment, 'number' | 'state'>): void {
  if (state !== 'ended') return;
  throw new DomainError(
    'experiment_state',
    `experiment ${number} has ended: expected one that is planned, running or read_out`,
    {},
    { state },
  );
}

/** The last readout of the last experiment before this one that has one. */
async function readoutBefore(store: Store, studyId: string, number: number): Promise<Readout | undefined> {
  const all = await latestReadouts(store, studyId);
  return all.findLast(({ experiment }) => experiment < number)?.readout;
}
