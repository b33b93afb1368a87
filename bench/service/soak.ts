import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { rounded } from '../rounded.ts';
import type { Figures } from '../run-bench.ts';
import { ask } from './ask.ts';
import { delayOf } from './loop-delay.ts';
import { measured } from './measured-study.ts';
import { quantile } from './quantile.ts';
import type { Served } from './served.ts';
import { slope } from './slope.ts';
import { createStudy, type SuggestedTrial } from './study-client.ts';

const CLIENTS = 8;
const STUDIES = 4;
/** Completed trials after which a study is left for a new one: fits then take as long at the end as at the beginning. */
const TRIALS_OF_A_STUDY = 120;

const SAMPLE_MS = 1000;
/** Memory is averaged over so many samples, which collections of garbage make correlated, before a line is put through. */
const SAMPLES_OF_A_POINT = 10;
/** Of the time, in which code is compiled and caches fill. */
const WARM_UP = 1 / 3;

const CLOCK_TICKS_PER_S = 100;
const MB = 1e6;

/** Clients suggest and complete without a pause for so many seconds: answers, memory and the event loop. */
export async function soak(
  { address, pid }: Served,
  seconds: number,
  say: (line: string) => void,
): Promise<Figures> {
  const end = performance.now() + seconds * 1000;
  const counts = { requests: 0, serverErrors: 0, otherErrors: 0, trials: 0 };
  const suggestMs: number[] = [];
  const asked = Array.from({ length: STUDIES }, () => 0);
  const tell = (what: string): void => {
    if (counts.serverErrors + counts.otherErrors <= 5) say(what);
  };
  const post = async (path: string, body: object): Promise<string | undefined> => {
    counts.requests++;
    const told = await ask(address, 'POST', path, { body });
    if (told !== undefined && told.status < 300) {
      if (path.endsWith(':suggest')) suggestMs.push(told.ms);
      return told.text;
    }
    if (told === undefined || told.status >= 500) counts.serverErrors++;
    else counts.otherErrors++;
    tell(told === undefined ? `${path}: no answer` : `${path}: ${told.status} ${told.text}`);
    return undefined;
  };
  const made = new Map<string, Promise<void>>();
  const work = async (client: number): Promise<void> => {
    const line = client % STUDIES;
    while (performance.now() < end) {
      const study = `soak-${line}-${Math.floor(asked[line]! / TRIALS_OF_A_STUDY)}`;
      asked[line]!++;
      if (!made.has(study)) made.set(study, createStudy(address, study));
      await made.get(study);
      const text = await post(`/v1/studies/${study}/trials:suggest`, { clientId: `soak-${client}` });
      if (text === undefined) continue;
      for (const { number, weights } of (JSON.parse(text) as { trials: SuggestedTrial[] }).trials) {
        await post(`/v1/studies/${study}/trials/${number}:complete`, { metrics: measured(weights) });
        counts.trials++;
      }
    }
  };
  const memory: { readonly minute: number; readonly rss: number; readonly heap: number }[] = [];
  let delay = 0;
  const sample = async (): Promise<void> => {
    while (performance.now() < end) {
      const left = end - performance.now();
      const { text } = (await ask(address, 'GET', '/metrics'))!;
      delay = Math.max(delay, delayOf(text));
      const of = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / MB;
      const [rss, heap] = [of('process_resident_memory_bytes'), of('nodejs_heap_size_used_bytes')];
      memory.push({ minute: seconds / 60 - left / 60_000, rss, heap });
      await setTimeout(SAMPLE_MS);
    }
  };
  const cpuBefore = cpuSeconds(pid);
  await Promise.all([...Array.from({ length: CLIENTS }, (_, i) => work(i)), sample()]);
  const cores = (cpuSeconds(pid) - cpuBefore) / seconds;
  const points = pointsOf(memory.filter(({ minute }) => minute > (seconds / 60) * WARM_UP));
  const rss = slope(points.map(({ minute, rss: y }) => [minute, y]));
  const heap = slope(points.map(({ minute, heap: y }) => [minute, y]));
  say(`soak: ${counts.trials} trials in ${made.size} studies, ${cores.toFixed(2)} cores used by the service`);
  return {
    soak_s: seconds,
    soak_requests: counts.requests,
    soak_5xx: counts.serverErrors,
    soak_errors: counts.otherErrors,
    soak_trials_per_s: rounded(counts.trials / seconds),
    soak_suggest_p95_ms: rounded(quantile(suggestMs, 0.95)),
    soak_cores: rounded(cores),
    soak_loop_delay_ms: rounded(delay),
    soak_rss_mb: rounded(memory.at(-1)!.rss),
    soak_rss_mb_per_min: rounded(rss.slope),
    soak_rss_mb_per_min_se: rounded(rss.standardError),
    soak_heap_mb_per_min: rounded(heap.slope),
    soak_heap_mb_per_min_se: rounded(heap.standardError),
  };
}

interface Sample {
  readonly minute: number;
  readonly rss: number;
  readonly heap: number;
}

function pointsOf(samples: readonly Sample[]): readonly Sample[] {
  const size = Math.min(SAMPLES_OF_A_POINT, Math.max(1, Math.floor(samples.length / 4)));
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) => {
    const part = samples.slice(i * size, (i + 1) * size);
    const mean = (of: (sample: Sample) => number): number =>
      part.reduce((sum, each) => sum + of(each), 0) / part.length;
    return {
      minute: mean((each) => each.minute),
      rss: mean((each) => each.rss),
      heap: mean((each) => each.heap),
    };
  });
}

/** Of all threads of a process, user and system. Source: proc(5), fields 14 and 15 of `stat`. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S;
}
