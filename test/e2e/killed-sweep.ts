import type { Random } from '../../math/random.ts';
import { openStore } from '../../store/open.ts';
import { findStudy } from '../../store/studies.ts';
import { listTrials } from '../../store/trials.ts';
import type { Trial } from '../../src/domain/trial.ts';
import { startPondera } from './run-pondera.ts';
import { expect } from 'chai';
import { existsSync } from 'node:fs';

export interface Killed {
  /** Kills that met a living process. */
  readonly kills: number;
  /** Completed trials that stood in the database at each kill. */
  readonly completedAtKill: readonly number[];
}

/** Progress that a kill waits for at most: from none, in the start of the process, to a few trials. */
const LATEST_LINE = 5;

/** The longest wait after the line that a kill waits for: past a trial, so that any moment of one is met. */
const LONGEST_WAIT_MS = 60;

/**
 * Kills a sweep with SIGKILL again and again, at a random moment after a random line of its progress, and asserts after each
 * that every completed trial that was seen before is still there with the same values.
 */
export async function killSweep(
  args: readonly string[],
  { db, study, kills, random }: { db: string; study: string; kills: number; random: Random },
): Promise<Killed> {
  let seen: readonly Trial[] = [];
  const completedAtKill: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const sweep = startPondera(args);
    await sweep.lines(random.integer(LATEST_LINE));
    await pause(random.integer(LONGEST_WAIT_MS));
    sweep.kill('SIGKILL');
    const { signal, code, stderr } = await sweep.outcome;
    if (signal !== 'SIGKILL')
      throw new Error(`the sweep had ended with ${code} before kill ${kill}: ${stderr}`);
    const stored = await completedTrials(db, study);
    expect(stored.filter(({ number }) => seen.some((trial) => trial.number === number))).to.deep.equal(seen);
    seen = stored;
    completedAtKill.push(stored.length);
  }
  return { kills: completedAtKill.length, completedAtKill };
}

async function completedTrials(db: string, study: string): Promise<readonly Trial[]> {
  if (!existsSync(db)) return [];
  const store = await openStore(db);
  try {
    if ((await findStudy(store, study)) === undefined) return [];
    return (await listTrials(store, study)).filter(({ state }) => state === 'completed');
  } finally {
    await store.destroy();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
