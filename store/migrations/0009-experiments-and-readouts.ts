import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table experiments (
      study_id text not null references studies (id),
      number integer not null check (number >= 1),
      name text not null,
      state text not null check (state in ('planned', 'running', 'read_out', 'ended')),
      starts_at text not null,
      ends_at text not null,
      units integer check (units >= 1),
      coverage real not null check (coverage > 0 and coverage <= 1),
      unit text,
      provenance text not null,
      created_by text not null,
      created_at text not null,
      started_at text,
      ended_at text,
      reason text,
      primary key (study_id, number),
      check ((state = 'ended') = (ended_at is not null))
    ) strict, without rowid`.execute(db);
  await sql`create unique index experiments_by_name on experiments (name)`.execute(db);
  await sql`
    create table experiment_arms (
      study_id text not null,
      experiment_number integer not null,
      position integer not null check (position >= 0),
      name text not null,
      kind text not null check (kind in ('baseline', 'suggested', 'hand_picked')),
      weights text not null,
      share real not null check (share > 0),
      generator text not null,
      reason text not null,
      offline text,
      primary key (study_id, experiment_number, position),
      unique (study_id, experiment_number, name),
      check ((position = 0) = (kind = 'baseline')),
      foreign key (study_id, experiment_number) references experiments (study_id, number)
    ) strict, without rowid`.execute(db);
  await sql`
    create table readouts (
      study_id text not null,
      experiment_number integer not null,
      revision integer not null check (revision >= 1),
      content_hash text not null check (length(content_hash) = 64),
      readout text not null,
      findings text not null,
      forced text not null,
      imported_by text not null,
      imported_at text not null,
      primary key (study_id, experiment_number, revision),
      foreign key (study_id, experiment_number) references experiments (study_id, number)
    ) strict, without rowid`.execute(db);
}
