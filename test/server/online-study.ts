import { randomStream } from '../../math/random.ts';
import type { Weights } from '../../src/domain/trial.ts';
import type { RunningService } from './running-service.ts';
import { complete, RELEVANCE_STUDY, relevanceAndSafety, suggest } from './relevance-study.ts';

/** The relevance study with experiments: saves want what relevance wants, clicks fall with the first weight as safety does. */
export const ONLINE_STUDY = {
  ...RELEVANCE_STUDY,
  online: {
    metrics: {
      saves: { kind: 'volume', offline: 'relevance', mean: 1, stddev: 2, relevantEffect: 0.005 },
      clicks: { kind: 'propensity', offline: 'safety', mean: 0.38 },
    },
    objective: 'maximize saves',
    guardrails: ['clicks >= 0.95 * baseline'],
    rounds: 2,
  },
} as const;

/** Before the clock of the tests. */
export const WINDOW = { start: '2025-12-01', end: '2025-12-15' } as const;

export const USERS = 100_000;
export const SAVES_STDDEV = 2;

export interface ArmBody {
  readonly name: string;
  readonly weights: Weights;
  readonly share: number;
  readonly kind: string;
  readonly generator: string;
  readonly reason: string;
  readonly offline: Readonly<Record<string, number>> | null;
}

export interface ExperimentBody {
  readonly number: number;
  readonly name: string;
  readonly state: string;
  readonly arms: readonly ArmBody[];
  readonly provenance: { readonly notes: readonly string[]; readonly readouts: readonly object[] };
}

/** What is true of weights, per user. */
export function trueSavesAndClicks(weights: Weights): { readonly saves: number; readonly clicks: number } {
  return { saves: 1 + 0.3 * relevanceAndSafety(weights).relevance, clicks: 0.42 - 0.12 * weights['fresh']! };
}

/** Means with the noise of so many users an arm, by seed; all saves of a round multiplied by its season. */
export function readoutOf(arms: readonly ArmBody[], seed: number, season = 1) {
  const random = randomStream(seed, 'readout');
  const measured = (value: (weights: Weights) => number, stddev: (mean: number) => number) =>
    Object.fromEntries(
      arms.map(({ name, weights }) => {
        const mean = value(weights);
        const sem = stddev(mean) / Math.sqrt(USERS);
        const seen = mean + sem * random.normal();
        return [name, { mean: seen, sem: stddev(seen) / Math.sqrt(USERS) }];
      }),
    );
  return {
    window: WINDOW,
    units: Object.fromEntries(arms.map(({ name }) => [name, USERS])),
    metrics: {
      saves: {
        kind: 'volume',
        arms: measured(
          (weights) => season * trueSavesAndClicks(weights).saves,
          () => season * SAVES_STDDEV,
        ),
      },
      clicks: {
        kind: 'propensity',
        arms: measured(
          (weights) => trueSavesAndClicks(weights).clicks,
          (p) => Math.sqrt(p * (1 - p)),
        ),
      },
    },
  };
}

/** Better than the baseline by the log, and within its guardrails. */
export const PROMISING = { fresh: 0.4, close: 0.4, liked: 0.2 } as const;

/** Creates the study under this name, and completes so many trials and a promising one; relevance is counted from −1 on, where it is above 0. */
export async function createOnlineStudy(service: RunningService, name: string, trials = 0): Promise<void> {
  const { status, text } = await service.post('/v1/studies', { ...ONLINE_STUDY, name });
  if (status !== 201) throw new Error(text);
  for (let i = 0; i < trials; i++) {
    const [trial] = await suggest(service, name);
    const { relevance, safety } = relevanceAndSafety(trial!.weights);
    await complete(service, name, trial!, { relevance: 1 + relevance, safety });
  }
  if (trials === 0) return;
  const { relevance, safety } = relevanceAndSafety(PROMISING);
  const metrics = { relevance: 1 + relevance, safety };
  const attached = await service.post(`/v1/studies/${name}/trials`, { weights: PROMISING, metrics });
  if (attached.status !== 201) throw new Error(attached.text);
}

export async function planRound(
  service: RunningService,
  study: string,
  body: object = {},
): Promise<ExperimentBody> {
  const path = `/v1/studies/${study}/experiments`;
  const answer = await service.post<ExperimentBody>(path, { window: WINDOW, arms: 5, ...body });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}
