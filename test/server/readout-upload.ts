import { readdirSync } from 'node:fs';
import { randomStream } from '../../math/random.ts';
import type { Answer } from './answer.ts';
import { exchange, type Sent } from './exchange.ts';
import type { ExperimentBody } from './online-study.ts';

export interface ImportedBody {
  readonly revision: number;
  readonly contentHash: string;
  readonly forced: readonly string[];
  readonly readout: {
    readonly window: object;
    readonly maturesAt?: string;
    readonly units: Readonly<Record<string, number>>;
    readonly metrics: Readonly<Record<string, { readonly arms: Readonly<Record<string, object>> }>>;
  };
  readonly read: {
    readonly form: string;
    readonly rows: number;
    readonly users: number;
    readonly zeros: number;
    readonly several: Readonly<Record<string, number>>;
  };
  readonly remarks: readonly string[];
}

export const CSV = 'text/csv';
export const NDJSON = 'application/x-ndjson';
export const PARQUET = 'application/vnd.apache.parquet';

/** Where the file of a study's first round is sent. */
export function importPath(study: string, query = ''): string {
  return `/v1/studies/${study}/experiments/1/readouts:import${query === '' ? '' : `?${query}`}`;
}

/** Sends a file as it is. */
export function sendFile(
  address: string,
  path: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  waitMs = 50_000,
): Promise<Answer<ImportedBody>> {
  const sent: Sent = { headers: { 'content-type': CSV, ...headers }, body, waitMs };
  return exchange(address, 'POST', path, sent);
}

/** Rows of users by seed, as many of each arm; some have no clicks, some have several. */
export function userRows(arms: ExperimentBody['arms'], perArm: number, seed = 1): string {
  const random = randomStream(seed, 'user rows');
  const rows = ['user_id,arm,saves,clicks,before'];
  for (let i = 0; i < perArm * arms.length; i++) {
    const { name } = arms[i % arms.length]!;
    const before = random.uniform();
    const saves = Math.floor(3 * random.uniform() + 2 * before) / 4;
    const clicks = random.uniform() < 0.4 ? 1 + Math.floor(2 * random.uniform()) : 0;
    rows.push(`u${i},${name},${saves},${clicks},${before}`);
  }
  return `${rows.join('\n')}\n`;
}

/** What lies in a folder for uploads: folders of requests, with what is in each. */
export function uploadsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.startsWith('pondera-upload-'),
  );
}

/** Letters and digits by chance: such a name packs well again and again, and hardly once. */
export function randomName(length: number): string {
  const random = randomStream(1, 'name');
  return Array.from({ length }, () => random.integer(36).toString(36)).join('');
}
