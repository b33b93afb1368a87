import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index trials_by_generator on trials (study_id, generator, number, state)`.execute(db);
  await sql`
    create index trials_by_client on trials (study_id, client_id, number, state, generator)
    where client_id is not null`.execute(db);
  await sql`create index observations_by_mean on observations (study_id, metric, mean, trial_number)`.execute(
    db,
  );
  await sql`
    create index events_by_trial on events (study_id, trial_number, sequence)
    where trial_number is not null`.execute(db);
  await sql`alter table studies add column revision integer not null default 1`.execute(db);
  await sql`alter table studies add column description text`.execute(db);
  await sql`alter table studies add column archived_at text`.execute(db);
  await sql`alter table studies add column deleted_at text`.execute(db);
}
