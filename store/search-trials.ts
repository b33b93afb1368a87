import { sql } from 'kysely';
import type { Lease } from '../src/domain/lease.ts';
import type { Generator, Trial } from '../src/domain/trial.ts';
import type { TrialState } from '../src/domain/trial-state.ts';
import { observationsByTrial } from './observations.ts';
import type { Store } from './open.ts';
import { paddedNumbers } from './padded-numbers.ts';
import { leanWeightsOf } from './trial-rows.ts';

/** Rows that cross from the database's thread at once: few enough to be made into objects in some milliseconds. */
const PAGE = 500;

/** The same of rows of a few numbers. */
const NUMBERS_PAGE = 2500;

/** A running trial, and who has it. */
export interface RunningTrial extends Trial, Lease {}

/** How many trials there are of each kind. */
export interface TrialCount {
  readonly state: TrialState;
  readonly generator: Generator;
  readonly isBaseline: boolean;
  readonly count: number;
}

export async function countTrials(store: Store, studyId: string): Promise<readonly TrialCount[]> {
  const rows = await store
    .selectFrom('trials')
    .select(['state', 'generator', sql<number>`case when number = 0 then 1 else 0 end`.as('is_baseline')])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('study_id', '=', studyId)
    .groupBy(['state', 'generator', 'is_baseline'])
    .execute();
  return rows.map(({ is_baseline, ...rest }) => ({ ...rest, isBaseline: is_baseline === 1 }));
}

/** The number of the last trial of a study; undefined before the first. */
export async function lastTrialNumber(store: Store, studyId: string): Promise<number | undefined> {
  const last = await store
    .selectFrom('trials')
    .select('number')
    .where('study_id', '=', studyId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.number;
}

/** The running trials of a study by number, without their provenance. */
export async function runningTrials(store: Store, studyId: string): Promise<readonly RunningTrial[]> {
  const found: RunningTrial[] = [];
  for (let after = -1; ; after = found.at(-1)!.number) {
    const rows = await store
      .selectFrom('trials')
      .select(['number', 'weights', 'generator', 'client_id', 'lease_expires_at'])
      .where('study_id', '=', studyId)
      .where('state', '=', 'running')
      .where('number', '>', after)
      .orderBy('number')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const { number, generator, client_id: clientId, lease_expires_at: leaseExpiresAt } = row;
      const trial = { number, weights: leanWeightsOf(row), provenance: { generator }, observations: {} };
      found.push({ ...trial, state: 'running', clientId, leaseExpiresAt });
    }
    if (rows.length < PAGE) return found;
  }
}

/** The numbers of the last trials in these states, at most `most`; or of the first that the study suggested. */
export async function trialNumbers(
  store: Store,
  studyId: string,
  states: readonly TrialState[],
  which: 'last' | 'first-suggested',
  most: number,
): Promise<readonly number[]> {
  let query = store
    .selectFrom('trials')
    .select('number')
    .where('study_id', '=', studyId)
    .where('state', 'in', states);
  if (which === 'first-suggested')
    query = query.where('generator', 'not in', ['attached', 'replicate', 'baseline']);
  const rows = await query
    .orderBy('number', which === 'last' ? 'desc' : 'asc')
    .limit(most)
    .execute();
  return rows.map(({ number }) => number);
}

/** The trials of these numbers, by number, without their provenance. */
export async function leanTrials(
  store: Store,
  studyId: string,
  numbers: readonly number[],
): Promise<readonly Trial[]> {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const found: Trial[] = [];
  for (let i = 0; i < sorted.length; i += PAGE) {
    const page = sorted.slice(i, i + PAGE);
    const rows = await store
      .selectFrom('trials')
      .select(['number', 'state', 'weights', 'generator'])
      .where('study_id', '=', studyId)
      .where('number', 'in', paddedNumbers(page))
      .orderBy('number')
      .execute();
    const observations = await observationsByTrial(store, studyId, page);
    for (const row of rows) {
      found.push({
        number: row.number,
        state: row.state,
        weights: leanWeightsOf(row),
        provenance: { generator: row.generator },
        observations: observations.get(row.number) ?? {},
      });
    }
  }
  return found;
}

/** A completed trial's means, in the order of the metrics that were asked for; null where one was not measured. */
export interface TrialMeans {
  readonly number: number;
  readonly means: readonly (number | null)[];
}

/** The means of all completed trials with weights, by number, a page at a time. */
export async function* completedMeans(
  store: Store,
  studyId: string,
  metrics: readonly string[],
): AsyncGenerator<readonly TrialMeans[]> {
  for (let after = -1; ;) {
    const { rows } = await sql<Readonly<Record<string, number | null>>>`
      select number, ${sql.join(metrics.map((metric, m) => sql`max(case when metric = ${metric} then mean end) as ${sql.ref(`m${m}`)}`))}
      from (
        select number from trials
        where study_id = ${studyId} and state = 'completed' and number > ${after}
        order by number limit ${NUMBERS_PAGE}
      ) left join observations on study_id = ${studyId} and trial_number = number
      group by number order by number`.execute(store);
    if (rows.length === 0) return;
    yield rows.map((row) => ({ number: row['number']!, means: metrics.map((_, m) => row[`m${m}`] ?? null) }));
    if (rows.length < NUMBERS_PAGE) return;
    after = rows.at(-1)!['number']!;
  }
}
