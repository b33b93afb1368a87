import type { Observations, Provenance, Weights } from '../../src/domain/trial.ts';
import type { RunningService } from './running-service.ts';

/** A trial as the interface shows it. */
export interface TrialBody {
  readonly number: number;
  readonly state: string;
  readonly weights: Weights;
  readonly metrics: Observations;
  readonly provenance: Provenance;
  readonly clientId: string | null;
  readonly leaseExpiresAt: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
}

/**
 * Three weights that sum to one and a guardrail that keeps the best weights out: relevance is highest at (0.6, 0.3, 0.1),
 * but safety falls with the first weight and is worth 0.9 of the baseline's at 0.5.
 */
export const RELEVANCE_STUDY = {
  weights: { fresh: [0, 1], close: [0, 1], liked: [0, 1] },
  sum: 1,
  objective: 'maximize relevance',
  guardrails: ['safety >= 0.9 * baseline'],
  baseline: { weights: { fresh: 0.3333, close: 0.3333, liked: 0.3334 } },
  metrics: { relevance: { noise: 'none' }, safety: { noise: 'none' } },
  report: ['safety'],
  seed: 7,
} as const;

/** Where the guardrail binds: safety 0.9 · (1 − 0.3333/2) is met up to fresh = 0.49997. */
export const BEST_FRESH = 2 * (1 - 0.9 * (1 - 0.3333 / 2));

/** The best relevance with the guardrail met: what fresh may not have is shared by the other two. */
export const BEST_RELEVANCE = 1 - 1.5 * (0.6 - BEST_FRESH) ** 2;

export function relevanceAndSafety({ fresh, close, liked }: Weights): {
  readonly relevance: number;
  readonly safety: number;
} {
  const relevance = 1 - (fresh! - 0.6) ** 2 - (close! - 0.3) ** 2 - (liked! - 0.1) ** 2;
  return { relevance, safety: 1 - fresh! / 2 };
}

/** Creates the study under this name, with changes. */
export async function createStudy(
  service: RunningService,
  name: string,
  changes: object = {},
): Promise<void> {
  const { status, text } = await service.post('/v1/studies', { ...RELEVANCE_STUDY, ...changes, name });
  if (status !== 201) throw new Error(text);
}

export async function suggest(
  service: RunningService,
  study: string,
  count = 1,
): Promise<readonly TrialBody[]> {
  const answer = await service.post<{ trials: TrialBody[] }>(`/v1/studies/${study}/trials:suggest`, {
    count,
  });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.trials;
}

export async function complete(
  service: RunningService,
  study: string,
  { number }: Pick<TrialBody, 'number'>,
  metrics: object,
): Promise<TrialBody> {
  const answer = await service.post<TrialBody>(`/v1/studies/${study}/trials/${number}:complete`, { metrics });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body;
}

/** Suggests and completes this many trials, one after another. */
export async function runTrials(
  service: RunningService,
  study: string,
  count: number,
): Promise<readonly TrialBody[]> {
  const trials: TrialBody[] = [];
  while (trials.length < count) {
    const [trial] = await suggest(service, study);
    trials.push(await complete(service, study, trial!, relevanceAndSafety(trial!.weights)));
  }
  return trials;
}
