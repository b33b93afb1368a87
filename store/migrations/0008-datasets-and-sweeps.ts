import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table datasets (
      name text not null primary key,
      files text not null,
      fingerprint text not null,
      bytes integer not null,
      row_count integer not null,
      request_column text,
      request_count integer,
      columns text not null,
      created_at text not null,
      check ((request_column is null) = (request_count is null))
    ) strict`.execute(db);
  await sql`create index datasets_by_fingerprint on datasets (fingerprint)`.execute(db);
  await sql`
    create table sweeps (
      study_id text not null primary key references studies (id),
      run integer not null,
      state text not null
        check (state in ('queued', 'running', 'paused', 'interrupted', 'completed', 'cancelled', 'failed')),
      dataset text not null,
      budget integer,
      threads integer not null,
      actor text not null,
      instance text,
      deaths integer not null default 0,
      queued_at integer not null,
      counted_at integer,
      worked_ms integer not null default 0,
      ended_at integer,
      progress text,
      problem text,
      result text,
      check ((state = 'running') = (counted_at is not null))
    ) strict`.execute(db);
  await sql`create index sweeps_by_state on sweeps (state, queued_at)`.execute(db);
}
