import type { Refusal } from './refusal.ts';

const HINT = '\n(pondera --help lists what there is)';

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
    `error: required option '--name <name>' not specified${HINT}`,
  ),
  refusal(
    'a key without a scope',
    [...CREATE, '--name', 'ci'],
    `error: required option '--scope <scope>' not specified${HINT}`,
  ),
  refusal(
    'a scope that there is not',
    [...CREATE, '--name', 'ci', '--scope', 'root'],
    `error: option '--scope <scope>' argument 'root' is invalid. Allowed choices are read, write, admin.${HINT}`,
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
  refusal('to revoke no key', ['keys', 'revoke'], `error: missing required argument 'key'${HINT}`),
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
  refusal('a backup to nowhere', ['db', 'backup'], `error: missing required argument 'file'${HINT}`),
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
