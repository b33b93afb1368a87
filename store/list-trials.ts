import { type SelectQueryBuilder, sql } from 'kysely';
import type { Generator } from '../src/domain/trial.ts';
import type { TrialOrder } from '../src/domain/trial-order.ts';
import type { TrialState } from '../src/domain/trial-state.ts';
import { observationsByTrial } from './observations.ts';
import { inReadTransaction, type Store } from './open.ts';
import { paddedNumbers } from './padded-numbers.ts';
import type { Database } from './schema.ts';
import { type StoredTrial, TRIAL_COLUMNS, trialOfRow } from './trial-rows.ts';

/** Which trials are listed: those that are all of this. */
export interface TrialFilter {
  readonly state?: TrialState | undefined;
  readonly generator?: Generator | undefined;
  readonly clientId?: string | undefined;
}

/** Where a trial stands in an order; `value` is the mean of the metric that orders. */
export interface TrialPosition {
  readonly number: number;
  readonly value?: number;
}

export interface TrialPage {
  readonly trials: readonly StoredTrial[];
  /** Of the last trial; undefined where no more follow. */
  readonly last: TrialPosition | undefined;
}

/** The states in which a trial may have observations. */
const MEASURED: ReadonlySet<TrialState> = new Set(['completed', 'voided']);

/** Trials that are made into objects at once, which takes some milliseconds. */
const CHUNK = 100;

/** The trials after a position, at most `most`, with all that is stored of them, as they are at one moment. */
export async function trialPage(
  store: Store,
  studyId: string,
  filter: TrialFilter,
  order: TrialOrder,
  after: TrialPosition | undefined,
  most: number,
): Promise<TrialPage> {
  return inReadTransaction(store, async (transaction) => {
    const found = await positions(transaction, studyId, filter, order, after, most + 1);
    const shown = found.slice(0, most);
    const trials: StoredTrial[] = [];
    for (let i = 0; i < shown.length; i += CHUNK) {
      const numbers = shown.slice(i, i + CHUNK).map(({ number }) => number);
      trials.push(...(await trialsOf(transaction, studyId, numbers)));
    }
    return { trials, last: found.length > most ? shown.at(-1) : undefined };
  });
}

/** The names of the metrics that any trial of a study has. */
export async function observedMetrics(store: Store, studyId: string): Promise<readonly string[]> {
  const names: string[] = [];
  // One look into the index for each, where `distinct` would read all of it.
  for (;;) {
    const next = await store
      .selectFrom('observations')
      .select('metric')
      .where('study_id', '=', studyId)
      .where('metric', '>', names.at(-1) ?? '')
      .orderBy('metric')
      .limit(1)
      .executeTakeFirst();
    if (next === undefined) return names;
    names.push(next.metric);
  }
}

async function positions(
  store: Store,
  studyId: string,
  filter: TrialFilter,
  { by, descending }: TrialOrder,
  after: TrialPosition | undefined,
  most: number,
): Promise<readonly TrialPosition[]> {
  const direction = descending ? 'desc' : 'asc';
  const follows = descending ? '<' : '>';
  if (by === 'number') {
    let query = matching(store, studyId, filter).select('number').orderBy('number', direction).limit(most);
    if (after !== undefined) query = query.where('number', follows, after.number);
    return query.execute();
  }
  // To look at every trial that has the metric would find none.
  if (filter.state !== undefined && !MEASURED.has(filter.state)) return [];
  const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined);
  const isRare = isFiltered && (await matchFew(store, studyId, filter));
  let query = store
    .selectFrom('observations')
    .select(['trial_number as number', 'mean as value'])
    .where('study_id', '=', studyId)
    .where('metric', '=', by.metric)
    // Of few trials each is looked up, and they are sorted: the sign keeps SQLite from the index that has the order.
    .orderBy(isRare ? sql`+mean` : 'mean', direction)
    .orderBy('trial_number', direction)
    .limit(most);
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(mean, trial_number) ${sql.raw(follows)} (${after.value}, ${after.number})`,
    );
  }
  const matches = matching(store, studyId, filter).select('number');
  if (isRare) query = query.where('trial_number', 'in', matches);
  else if (isFiltered) {
    query = query.where((expressions) =>
      expressions.exists(matches.where('number', '=', sql.ref<number>('observations.trial_number'))),
    );
  }
  return query.execute();
}

/**
 * Whether so few trials match that they are looked up and sorted in some milliseconds. Of N trials with m that match, in the order of a
 * metric a page is met after most · N / m rows where filter and metric have nothing to do with each other, soon where m is large; and
 * after N at worst.
 */
async function matchFew(store: Store, studyId: string, filter: TrialFilter): Promise<boolean> {
  const some = matching(store, studyId, filter)
    .select('number')
    .limit(FEW + 1)
    .as('some');
  const { count } = await store
    .selectFrom(some)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count <= FEW;
}

/** The most. */
export const FEW = 5000;

type Trials = SelectQueryBuilder<Database, 'trials', object>;

function matching(store: Store, studyId: string, { state, generator, clientId }: TrialFilter): Trials {
  let query: Trials = store.selectFrom('trials').where('trials.study_id', '=', studyId);
  if (state !== undefined) query = query.where('state', '=', state);
  if (generator !== undefined) query = query.where('generator', '=', generator);
  if (clientId !== undefined) query = query.where('client_id', '=', clientId);
  return query;
}

/** These trials, in the order of their numbers as given. */
async function trialsOf(
  store: Store,
  studyId: string,
  numbers: readonly number[],
): Promise<readonly StoredTrial[]> {
  const rows = await store
    .selectFrom('trials')
    .select(TRIAL_COLUMNS)
    .where('study_id', '=', studyId)
    .where('number', 'in', paddedNumbers(numbers))
    .execute();
  const observations = await observationsByTrial(store, studyId, numbers);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return numbers.map((number) => trialOfRow(byNumber.get(number)!, observations.get(number) ?? {}));
}
