import { randomStream } from '../../math/random.ts';
import type { Figures } from '../run-bench.ts';
import { rounded } from '../rounded.ts';
import { longestDelay } from './loop-delay.ts';
import { quantile } from './quantile.ts';
import {
  anyWeights,
  complete,
  createStudy,
  importLines,
  importTrials,
  mustAsk,
  suggest,
} from './study-client.ts';
import { measured } from './measured-study.ts';

const FILTERS = ['', '&state=completed', '&state=failed', '&generator=attached', '&clientId=somebody'];
const ORDERS = ['number', '-number', 'metrics.gain', '-metrics.gain'];
/** A filter that lets through almost none of those that have the metric. */
const RARE = ['&clientId=somebody', '&state=failed', '&generator=space_filling'];

const SUGGESTED = 20;
const PAGES = 3;
/** Trials of a study for whose models a suggestion waits for seconds. */
const MODELLED = [1000, 2000];

export interface LargeStudy {
  /** Trials of the large study. */
  readonly trials: number;
  /** How often each kind of list is asked for. */
  readonly rounds: number;
  readonly suggestions: number;
}

/** A study of 100,000 trials: import, lists, export, suggestions, and how late the event loop was meanwhile. */
export async function largeStudy(
  address: string,
  { trials, rounds, suggestions }: LargeStudy,
  say: (line: string) => void,
): Promise<Figures> {
  const random = randomStream(2, 'large');
  const delays: Record<string, number> = {};
  const during = async (what: string, work: () => Promise<void>): Promise<void> => {
    delays[what] = Math.max(delays[what] ?? 0, await longestDelay(address, work));
    say(`${what}: event loop late by ${delays[what].toFixed(1)} ms at most`);
  };

  let suggestMs: readonly number[] = [];
  for (const modelled of MODELLED) {
    const study = `modelled-${modelled}`;
    await createStudy(address, study);
    // The design of a study that begins: from then on models choose.
    for (const trial of await suggest(address, study, { count: SUGGESTED }))
      await complete(address, study, trial);
    await importTrials(address, study, importLines(modelled, random));
    await during('suggest', async () => {
      suggestMs = await timesOf(suggestions, () =>
        mustAsk(address, 'POST', `/v1/studies/${study}/trials:suggest`, { body: {} }),
      );
    });
  }

  await createStudy(address, 'large');
  for (const trial of await suggest(address, 'large', { count: SUGGESTED, clientId: 'somebody' }))
    await complete(address, 'large', trial);
  const lines = importLines(trials, random);
  let importMs = 0;
  await during('import', async () => {
    importMs = (await importTrials(address, 'large', lines)).ms;
  });

  const lists: number[] = [];
  await during('list', async () => {
    for (const filter of FILTERS)
      for (const order of ORDERS)
        lists.push(...(await pageTimes(address, `pageSize=100&order=${order}${filter}`, rounds)));
  });
  const longLists: number[] = [];
  await during('list1000', async () => {
    for (const order of ORDERS)
      longLists.push(...(await pageTimes(address, `pageSize=1000&order=${order}`, rounds)));
  });
  const rareLists: number[] = [];
  await during('list_rare', async () => {
    for (const order of ORDERS.slice(2))
      for (const filter of RARE)
        rareLists.push(...(await pageTimes(address, `pageSize=100&order=${order}${filter}`, rounds)));
  });
  let exportMs = 0;
  await during('export', async () => {
    for (const format of ['ndjson', 'csv'])
      exportMs = (await mustAsk(address, 'GET', `/v1/studies/large/trials:export?format=${format}`)).ms;
  });
  let largeSuggestMs: readonly number[] = [];
  await during('suggest_large', async () => {
    largeSuggestMs = await timesOf(Math.max(1, suggestions - 1), () =>
      mustAsk(address, 'POST', '/v1/studies/large/trials:suggest', { body: {} }),
    );
    const weights = anyWeights(random);
    await mustAsk(address, 'POST', '/v1/studies/large/trials', {
      body: { weights, metrics: measured(weights) },
    });
  });
  return {
    trials_100k: trials,
    lists_100k: lists.length + longLists.length + rareLists.length,
    list_p95_ms_100k: rounded(quantile(lists, 0.95)),
    list1000_p95_ms_100k: rounded(quantile(longLists, 0.95)),
    list_rare_p95_ms_100k: rounded(quantile(rareLists, 0.95)),
    import_per_s: rounded((trials / importMs) * 1000),
    export_per_s: rounded((trials / exportMs) * 1000),
    suggest_ms_n2000: rounded(quantile(suggestMs, 0.5)),
    suggest_ms_100k: rounded(quantile(largeSuggestMs, 0.5)),
    ...Object.fromEntries(Object.entries(delays).map(([what, ms]) => [`loop_delay_ms_${what}`, rounded(ms)])),
    loop_delay_ms_max: rounded(Math.max(...Object.values(delays))),
  };
}

/** The times of the first pages of a list, again and again. */
async function pageTimes(address: string, query: string, rounds: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let token: string | null = null;
    for (let page = 0; page < PAGES; page++) {
      const after: string = token === null ? '' : `&pageToken=${encodeURIComponent(token)}`;
      const { ms, text } = await mustAsk(address, 'GET', `/v1/studies/large/trials?${query}${after}`);
      times.push(ms);
      token = (JSON.parse(text) as { nextPageToken: string | null }).nextPageToken;
      if (token === null) break;
    }
  }
  return times;
}

async function timesOf(
  count: number,
  work: () => Promise<{ readonly ms: number }>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push((await work()).ms);
  return times;
}
