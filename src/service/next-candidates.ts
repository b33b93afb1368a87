import { formatGuardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import type { Trial, Weights } from '../domain/trial.ts';
import type { Candidate } from '../optimizer/candidate.ts';
import { withMargins } from '../optimizer/guardrail-margin.ts';
import { initialTrialsLeft, modelsNeeded } from '../optimizer/initialise.ts';
import type { ComputePool } from './compute-pool.ts';
import { fitMetrics } from './fit-metrics.ts';
import { packTrials } from './packed-trials.ts';

/**
 * The next candidates, at most `most`: what is left of the space-filling design, or a batch chosen one after another by
 * the acquisition function of models that are fitted once.
 *
 * Fewer come back where no room is left, or where the next is chosen otherwise: after the design, and one at a time
 * while too little is measured to model. Throws `budget_exhausted` where there is room for none.
 * `fixed` weights have the given values; throws `weights_invalid` and `constraints_infeasible` where they cannot.
 * A function of the stored trials and the study's seed alone.
 */
export async function nextCandidates(
  pool: ComputePool,
  study: StudyDefinition,
  stored: readonly Trial[],
  most: number,
  fixed: Weights = {},
): Promise<readonly Candidate[]> {
  const { definition, trials } = withMargins(study, stored);
  const metrics = modelsNeeded(definition, trials);
  const packed = packTrials(trials);
  if (metrics.length === 0) {
    const count = Math.min(most, Math.max(1, initialTrialsLeft(definition, trials)));
    return pool.run('initialise', { definition, trials: packed, count, fixed });
  }
  const fitted = await fitMetrics(pool, definition, trials, metrics);
  const candidates = await pool.run('propose', { definition, trials: packed, fitted, count: most, fixed });
  return candidates.map((candidate) => namingGuardrails(study, candidate));
}

/** What is known of each guardrail under its own text, whatever it was steered by. */
function namingGuardrails({ guardrails }: StudyDefinition, candidate: Candidate): Candidate {
  const feasibility = candidate.provenance.feasibility.map(({ probability }, k) => ({
    guardrail: formatGuardrail(guardrails[k]!),
    probability,
  }));
  return { ...candidate, provenance: { ...candidate.provenance, feasibility } };
}
