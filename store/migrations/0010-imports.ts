import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table imports (
      owner text not null,
      key_hash text not null,
      study_id text not null references studies (id),
      trials integer not null check (trials >= 1),
      digest text not null,
      first_number integer not null,
      last_number integer not null,
      is_whole integer not null check (is_whole in (0, 1)),
      stored_at integer not null,
      primary key (owner, key_hash)
    ) strict, without rowid`.execute(db);
  await sql`create index imports_by_age on imports (stored_at)`.execute(db);
}
