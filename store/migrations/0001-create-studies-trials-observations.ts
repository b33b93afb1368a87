import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table studies (
      id text not null primary key,
      definition text not null,
      log_fingerprint text,
      created_at text not null
    ) strict`.execute(db);
  await sql`
    create table trials (
      study_id text not null references studies (id),
      number integer not null,
      state text not null check (state in ('running', 'completed')),
      weights text,
      provenance text not null,
      created_at text not null,
      completed_at text,
      primary key (study_id, number),
      check ((state = 'completed') = (completed_at is not null))
    ) strict, without rowid`.execute(db);
  await sql`
    create table observations (
      study_id text not null,
      trial_number integer not null,
      metric text not null,
      mean real not null,
      sem real check (sem >= 0),
      primary key (study_id, trial_number, metric),
      foreign key (study_id, trial_number) references trials (study_id, number)
    ) strict, without rowid`.execute(db);
}
