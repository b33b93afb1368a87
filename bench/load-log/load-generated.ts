import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../run-child.ts';
import { HEADS, writeLog } from './generated-log.ts';
import type { LoadRun } from './load-once.ts';

/** Loads a generated log from Parquet, in a process of its own. */
export async function loadGenerated(rows: number, interleaved: boolean): Promise<LoadRun> {
  const folder = await mkdtemp(join(tmpdir(), 'pondera-bench-'));
  try {
    const path = join(folder, 'log.parquet');
    await writeLog(path, rows, interleaved);
    return await runChild<LoadRun>(
      new URL('./load-once.js', import.meta.url),
      [path, HEADS.join(',')],
      ['--expose-gc'],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
