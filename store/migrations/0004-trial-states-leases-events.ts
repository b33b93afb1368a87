import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/** SQLite can only change the check of a state by making the table anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table trials_0004 (
      study_id text not null references studies (id),
      number integer not null,
      state text not null
        check (state in ('running', 'completed', 'failed', 'infeasible', 'abandoned', 'voided')),
      weights text,
      generator text not null,
      provenance text not null,
      client_id text,
      lease_expires_at integer,
      reason text,
      created_at text not null,
      completed_at text,
      primary key (study_id, number),
      check ((state = 'running') = (completed_at is null))
    ) strict, without rowid`.execute(db);
  await sql`
    insert into trials_0004 (study_id, number, state, weights, generator, provenance, created_at, completed_at)
    select study_id, number, state, weights, provenance ->> '$.generator', provenance, created_at, completed_at
    from trials`.execute(db);
  await sql`drop table trials`.execute(db);
  await sql`alter table trials_0004 rename to trials`.execute(db);
  await sql`alter table observations add column n integer check (n >= 1)`.execute(db);
  await sql`create index trials_by_state on trials (study_id, state, number, generator)`.execute(db);
  await sql`
    create table events (
      study_id text not null references studies (id),
      sequence integer not null,
      at text not null,
      actor text not null,
      kind text not null,
      trial_number integer,
      payload text not null,
      primary key (study_id, sequence)
    ) strict, without rowid`.execute(db);
  // The log of what happened before: in which order completions came is not known beyond their times.
  await sql`
    insert into events (study_id, sequence, at, actor, kind, trial_number, payload)
    select study_id, row_number() over (partition by study_id order by at, rank, number), at, 'migration', kind, number,
      '{}'
    from (
      select id as study_id, created_at as at, 0 as rank, 'study_created' as kind, null as number from studies
      union all
      select study_id, created_at, 1,
        case when generator in ('attached', 'replicate') then 'trial_attached' else 'trial_suggested' end, number
      from trials
      union all
      select study_id, completed_at, 2, 'trial_completed', number from trials where completed_at is not null
    )`.execute(db);
  await sql`
    create table notes (
      study_id text not null,
      trial_number integer not null,
      number integer not null,
      at text not null,
      author text not null,
      text text not null,
      primary key (study_id, trial_number, number),
      foreign key (study_id, trial_number) references trials (study_id, number)
    ) strict, without rowid`.execute(db);
}
