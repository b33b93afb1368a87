import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_keys (
      id text not null primary key,
      name text not null,
      scope text not null check (scope in ('read', 'write', 'admin')),
      hash text not null check (length(hash) = 64),
      created_at text not null,
      revoked_at text
    ) strict`.execute(db);
  await sql`create unique index api_keys_name on api_keys (name) where revoked_at is null`.execute(db);
  await sql`create index trials_running on trials (state) where state = 'running'`.execute(db);
}
