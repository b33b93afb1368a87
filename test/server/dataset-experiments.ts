import { expect } from 'chai';
import type { StoredExperiment } from '../../src/service/read-experiments.ts';
import type { RunningService } from './running-service.ts';
import { datasetStudy, untilSweep } from './sweeping-service.ts';

/** A fortnight that is over whenever a test runs. */
export const WINDOW = { start: '2025-03-03', end: '2025-03-17' };

export const ONLINE = {
  metrics: {
    long: { kind: 'volume', offline: 'long_click.average_precision', relevantEffect: 1e-6 },
    clicks: { kind: 'volume', offline: 'click.average_precision' },
  },
  objective: 'maximize long',
  guardrails: ['clicks >= 0.9 * baseline'],
  rounds: 4,
};

export const experimentsOf = (study: string): string => `/v1/studies/${study}/experiments`;

/** Creates a study with experiments on a dataset. */
export async function createOnDataset(
  service: RunningService,
  name: string,
  dataset = 'feed',
  more: object = {},
): Promise<void> {
  const created = await service.post('/v1/studies', datasetStudy(name, { online: ONLINE, ...more }, dataset));
  expect(created.status, created.text).to.equal(201);
}

/** Has the service sweep on it, so many trials. */
export async function sweepTrials(service: RunningService, name: string, trials: number): Promise<void> {
  const begun = await service.post(`/v1/studies/${name}:sweep`, { trials });
  expect(begun.status, begun.text).to.equal(202);
  await untilSweep(service, name, ({ state }) => state === 'completed');
}

/** Plans a round. */
export async function planOn(
  service: RunningService,
  study: string,
  body: object = {},
): Promise<StoredExperiment> {
  const answer = await service.post<StoredExperiment>(experimentsOf(study), { window: WINDOW, ...body });
  expect(answer.status, answer.text).to.equal(201);
  return answer.body;
}

/** Waits until something is so. */
export async function until(isReached: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!isReached()) {
    if (performance.now() > end) throw new Error('not reached');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
