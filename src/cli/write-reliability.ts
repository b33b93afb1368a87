import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import type { HeadReliability } from '../service/inspect-log.ts';
import { reliabilitySvg } from './reliability-svg.ts';

/** Writes the reliability diagram of each head into a folder, which is made where it is not there. Names of heads are plain. */
export async function writeReliability(heads: readonly HeadReliability[], folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const each of heads) {
      const file = join(folder, `${each.head}.reliability.svg`);
      await writeFile(file, reliabilitySvg(each));
      process.stderr.write(`wrote ${file}\n`);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new DomainError('request_invalid', `cannot be written (${code}): expected a folder for figures`, {
      file: folder,
    });
  }
}
