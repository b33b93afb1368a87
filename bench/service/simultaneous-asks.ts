import { randomStream } from '../../math/random.ts';
import type { Figures } from '../run-bench.ts';
import { rounded } from '../rounded.ts';
import { ask } from './ask.ts';
import { DIAMETER } from './measured-study.ts';
import { quantile } from './quantile.ts';
import { complete, createStudy, suggest, type SuggestedTrial } from './study-client.ts';

const CLIENTS = 64;
const COMPLETED_BEFORE = 24;
/** Of the diameter: candidates that are nearer to each other are one candidate twice. */
const NEAR = 1e-3;

/**
 * 64 clients ask at once, some for two trials, some under a name, some with a key, while others complete; then half of what runs is
 * completed, and they ask again.
 */
export async function simultaneousAsks(
  address: string,
  waves: number,
  say: (line: string) => void,
): Promise<Figures> {
  const study = 'asks';
  const random = randomStream(1, 'asks');
  await createStudy(address, study, { initialTrials: 8 });
  for (const trial of await suggest(address, study, { count: COMPLETED_BEFORE }))
    await complete(address, study, trial);
  let running: SuggestedTrial[] = [];
  let [errors, asks, near, pairs] = [0, 0, 0, 0];
  const times: number[] = [];
  for (let wave = 0; wave < waves; wave++) {
    const start = performance.now();
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, i) => {
        const body = {
          count: i % 8 === 0 ? 2 : 1,
          ...(i % 2 === 0 && { clientId: `wave-${wave}-client-${i}` }),
        };
        const key = i % 3 === 0 ? { key: `wave-${wave}-${i}` } : {};
        return ask(address, 'POST', `/v1/studies/${study}/trials:suggest`, { body, ...key });
      }),
    );
    asks += CLIENTS;
    const seconds = (performance.now() - start) / 1000;
    for (const told of answers) {
      if (told?.status !== 200) errors++;
      else {
        times.push(told.ms);
        running.push(...(JSON.parse(told.text) as { trials: SuggestedTrial[] }).trials);
      }
    }
    const found = nearPairs(running);
    near += found.near;
    pairs += found.pairs;
    say(`wave ${wave + 1}: ${CLIENTS} asks in ${seconds.toFixed(2)} s, ${running.length} trials run`);
    const ended = running.filter(() => random.uniform() < 0.5);
    await Promise.all(ended.map((trial) => complete(address, study, trial)));
    running = running.filter((trial) => !ended.includes(trial));
  }
  return {
    asks_64: asks,
    pairs_64: pairs,
    near_duplicates_64: near,
    errors_64: errors,
    ask_p50_ms_64: rounded(quantile(times, 0.5)),
    ask_max_ms_64: rounded(Math.max(...times)),
  };
}

function nearPairs(trials: readonly SuggestedTrial[]): { readonly near: number; readonly pairs: number } {
  const points = trials.map(({ weights }) => Object.values(weights));
  let [near, pairs] = [0, 0];
  for (const [i, p] of points.entries()) {
    for (const q of points.slice(0, i)) {
      pairs++;
      if (Math.hypot(...p.map((x, k) => x - q[k]!)) < NEAR * DIAMETER) near++;
    }
  }
  return { near, pairs };
}
