import { packTrials } from '../../src/service/packed-trials.ts';
import { studySchema } from '../../src/domain/study-rules.ts';
import type { RunningService } from './running-service.ts';

/** A large space-filling design: a second of a worker at least. */
const DESIGN = {
  weights: { a: [0, 1], b: [0, 1], c: [0, 1] },
  sum: 1,
  objective: 'maximize gain',
  initialTrials: 200,
} as const;

/** Keeps the only worker busy for a second or more; resolves when it is free again. */
export async function occupyWorker({ pool }: RunningService, designs = 1): Promise<void> {
  const definition = studySchema.parse({ ...DESIGN, name: 'busy' });
  const tasks = Array.from({ length: designs }, () =>
    pool.run('initialise', { definition, trials: packTrials([]), count: DESIGN.initialTrials, fixed: {} }),
  );
  await Promise.all(tasks);
}

/** A study whose every suggestion takes about a second. */
export function slowStudy(name: string): object {
  return { ...DESIGN, name };
}
