import { stat } from 'node:fs/promises';
import { isAbsolute, join, normalize, resolve } from 'node:path';
import { DomainError } from '../../domain/errors.ts';
import { isRemote } from './remote-path.ts';
import { escapePattern, quoteString } from './sql-text.ts';
import { withDuckDb } from './with-duckdb.ts';

const PATTERN = /[*?[]/;

/**
 * The files of a log in the order in which their rows are read: by absolute name, in the order of its characters, wherever
 * the list names them.
 *
 * `paths` are files, or patterns of `*`, `**`, `?` and `[…]`, relative to `folder`; one that names a file is no pattern. `httpfs` is
 * the file of the extension that a pattern on s3:// takes; `name` is what messages call the files.
 * Throws `log_unreadable` for a pattern that matches no file and for a file that is named twice.
 */
export async function findLogFiles(
  paths: string | readonly string[],
  folder = '',
  httpfs?: string,
  name = 'log',
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of typeof paths === 'string' ? [paths] : paths) {
    if (isRemote(path)) {
      found.push(...(PATTERN.test(path) ? await matches(path, path, name, httpfs) : [path]));
      continue;
    }
    const literal = isAbsolute(path) ? path : join(folder, path);
    if (PATTERN.test(path) && !(await isThere(literal))) {
      found.push(
        ...(await matches(isAbsolute(path) ? path : join(escapePattern(folder), path), literal, name)),
      );
    } else {
      found.push(literal);
    }
  }
  const sorted = found
    .map((path) => ({ path, full: isRemote(path) ? path : resolve(path) }))
    .sort(byFullPath);
  const twice = sorted.find(({ full }, i) => i > 0 && sorted[i - 1]!.full === full);
  if (twice !== undefined) {
    throw new DomainError('log_unreadable', `the ${name} names this file twice: expected each file once`, {
      file: twice.path,
    });
  }
  return sorted.map(({ path }) => path);
}

/** The files of a log for a message. */
export function nameFiles([first, ...others]: readonly string[]): string {
  return others.length === 0 ? first! : `${first} and ${others.length} more`;
}

function byFullPath(a: { readonly full: string }, b: { readonly full: string }): number {
  return a.full < b.full ? -1 : a.full > b.full ? 1 : 0;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function matches(
  pattern: string,
  shown: string,
  name: string,
  httpfs?: string,
): Promise<readonly string[]> {
  const rows = await withDuckDb(
    [pattern],
    async (connection) =>
      (await connection.runAndReadAll(`SELECT file FROM glob(${quoteString(pattern)})`)).getRows(),
    { httpfs },
  );
  const files = rows.map(([file]) => String(file));
  if (files.length > 0) return files.map((file) => (isRemote(file) ? file : normalize(file)));
  throw new DomainError('log_unreadable', `no file has a name like this: expected the ${name}`, {
    file: shown,
  });
}
