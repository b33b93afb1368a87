import type { Kysely } from 'kysely';
import { sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table observations add column lower_bound real`.execute(db);
  await sql`alter table observations add column upper_bound real check (upper_bound >= lower_bound)`.execute(
    db,
  );
}
