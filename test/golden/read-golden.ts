import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Reads `test/golden/<name>.json` from the source tree; tests run from `dist/test`. */
export function readGolden<T>(name: string): T {
  const path = fileURLToPath(new URL(`../../../test/golden/${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
