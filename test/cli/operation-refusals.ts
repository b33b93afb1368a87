import type { Refusal } from './refusal.ts';

const hint = (command: string): string => `\n(pondera ${command} --help lists what there is)`;

const TEXT = 'id,name\n1,one\n';

function refusal(
  why: string,
  args: readonly string[],
  stderr: string,
  files: Readonly<Record<string, string>> = {},
): Refusal {
  return { why, files, args, stderr };
}

const CREATE = ['keys', 'create'];

export const keyRefusals: readonly Refusal[] = [
  refusal(
    'a key without a name',
    [...CREATE, '--scope', 'read'],
    `error: required option '--name <name>' not specified${hint('keys create')}`,
  ),
  refusal(
    'a key without a scope',
    [...CREATE, '--name', 'ci'],
    `error: required option '--scope <scope>' not specified${hint('keys create')}`,
  ),
  refusal(
    'a scope that there is not',
    [...CREATE, '--name', 'ci', '--scope', 'root'],
    `error: option '--scope <scope>' argument 'root' is invalid. Allowed choices are read, write, admin.${hint('keys create')}`,
  ),
  ...['', ' ci', 'a\nb', '0123456789ab'].map((name) =>
    refusal(
      `a key named ${JSON.stringify(name)}`,
      [...CREATE, '--name', name, '--scope', 'read'],
      `pondera: "${name.replace('\n', '\\u{a}')}" cannot name a key: expected 1 to 64 letters, digits, blanks and . _ @ -, a letter or digit first`,
    ),
  ),
  refusal(
    'a key in a database that is none',
    [...CREATE, '--name', 'ci', '--scope', 'read', '--db', 'a.csv'],
    'pondera: a.csv: is not an SQLite database: expected a database of pondera or a new file',
    { 'a.csv': TEXT },
  ),
  refusal(
    'a key in a database that ends at once',
    [...CREATE, '--name', 'ci', '--scope', 'read', '--db', ':memory:'],
    'pondera: :memory: ends with this command: expected a file (--db)',
  ),
  refusal(
    'to list keys of a database that is not there',
    ['keys', 'list'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'to revoke a key of a database that is not there',
    ['keys', 'revoke', 'ci'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'to revoke no key',
    ['keys', 'revoke'],
    `error: missing required argument 'key'${hint('keys revoke')}`,
  ),
];

const ADD = ['datasets', 'add'];

export const datasetRefusals: readonly Refusal[] = [
  ...['Feed', '', '../feed', 'a b', 'x'.repeat(65)].map((name) =>
    refusal(
      `a dataset named ${JSON.stringify(name)}`,
      [...ADD, name, 'a.csv'],
      `pondera: "${name.slice(0, 64)}" cannot name a dataset: expected 1 to 64 lower-case letters, digits, - and _, a letter or digit first`,
      { 'a.csv': TEXT },
    ),
  ),
  refusal(
    'a dataset without a file',
    [...ADD, 'feed'],
    `error: missing required argument 'file'${hint('datasets add')}`,
  ),
  refusal(
    'a dataset of a file that is not there',
    [...ADD, 'feed', 'b.csv'],
    'pondera: b.csv: no such file: expected the log',
  ),
  refusal(
    'a dataset of a file that is no log',
    [...ADD, 'feed', 'a.txt'],
    'pondera: a.txt: unknown kind of log: expected a name that ends in .parquet, .csv, .csv.gz, .csv.zst, .ndjson, .ndjson.gz, .ndjson.zst, .jsonl, .jsonl.gz, .jsonl.zst',
    { 'a.txt': TEXT },
  ),
  refusal(
    'a dataset without rows',
    [...ADD, 'feed', 'a.csv'],
    'pondera: a.csv: has columns but no rows: expected impressions',
    { 'a.csv': 'id,name\n' },
  ),
  refusal(
    'a dataset on another machine',
    [...ADD, 'feed', 's3://bucket/a.parquet'],
    'pondera: s3://bucket/a.parquet: is not on this machine: expected a local file',
  ),
  refusal(
    'a dataset in a database that ends at once',
    [...ADD, 'feed', 'a.csv', '--db', ':memory:'],
    'pondera: :memory: ends with this command: expected a file (--db)',
    { 'a.csv': TEXT },
  ),
  refusal(
    'to list datasets of a database that is not there',
    ['datasets', 'list'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'to forget a dataset of a database that is not there',
    ['datasets', 'remove', 'feed'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'datasets in a folder that is none',
    ['serve', '--port', '0', '--datasets', 'a.csv'],
    'pondera: a.csv is no folder: expected the one in which datasets lie (--datasets)',
    { 'a.csv': TEXT },
  ),
  refusal(
    'to sweep with a database that no other process can open',
    ['serve', '--port', '0', '--datasets', '.', '--db', ':memory:'],
    'pondera: :memory: cannot be opened by the processes that sweep: expected a file (--db), or no --datasets',
  ),
];

export const backupRefusals: readonly Refusal[] = [
  refusal(
    'a backup of a database that is not there',
    ['db', 'backup', 'b.db'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'a backup of what is no database',
    ['db', 'backup', 'b.db', '--db', 'a.csv'],
    'pondera: a.csv: is not an SQLite database: expected a database of pondera or a new file',
    { 'a.csv': TEXT },
  ),
  refusal(
    'a backup to nowhere',
    ['db', 'backup'],
    `error: missing required argument 'file'${hint('db backup')}`,
  ),
  refusal(
    'to restore what is not there',
    ['db', 'restore', 'b.db'],
    'pondera: b.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'to restore what is no database',
    ['db', 'restore', 'a.csv'],
    'pondera: a.csv: is not an SQLite database: expected a database of pondera or a new file',
    { 'a.csv': TEXT },
  ),
  refusal(
    'to check what is not there',
    ['db', 'check'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  refusal(
    'to check an empty file',
    ['db', 'check'],
    'pondera: pondera.db: is empty: expected a database of pondera',
    {
      'pondera.db': '',
    },
  ),
];
