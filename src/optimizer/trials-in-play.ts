import { isExpired, type Lease } from '../domain/lease.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial } from '../domain/trial.ts';
import { modelledMetrics } from './metric-roles.ts';

/**
 * The trials that a suggestion and a report see, at a moment in milliseconds since the epoch where leases matter.
 *
 * Completed ones are data; running ones are pending while their lease lasts; the weights of failed and infeasible ones are
 * not proposed again. Abandoned and voided ones, and running ones whose lease has expired, are as if they had never been.
 * A completed trial says which modelled metrics it `lacks`: the models of the others learn from it, nothing else does.
 */
export function trialsInPlay(
  definition: StudyDefinition,
  stored: readonly (Trial & Pick<Lease, 'leaseExpiresAt'>)[],
  now = -Infinity,
): readonly Trial[] {
  const modelled = modelledMetrics(definition);
  return stored
    .filter((trial) => {
      if (trial.state === 'running') return !isExpired(trial, now);
      return trial.state !== 'abandoned' && trial.state !== 'voided';
    })
    .map((trial) => {
      if (trial.state !== 'completed' || trial.weights === null) return trial;
      const lacks = modelled.filter((metric) => !Object.hasOwn(trial.observations, metric));
      return lacks.length === 0 ? trial : { ...trial, lacks };
    });
}
