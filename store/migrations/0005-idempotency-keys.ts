import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table idempotency_keys (
      owner text not null,
      key_hash text not null,
      request_hash text not null,
      instance text,
      status integer,
      location text,
      answer text,
      created_at integer not null,
      primary key (owner, key_hash),
      check ((instance is null) = (status is not null))
    ) strict, without rowid`.execute(db);
  await sql`create index idempotency_keys_by_age on idempotency_keys (created_at)`.execute(db);
}
