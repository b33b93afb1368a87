import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table observations add column change_sem real check (change_sem >= 0)`.execute(db);
}
