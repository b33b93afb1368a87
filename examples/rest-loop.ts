// The suggest/complete loop over HTTP, with nothing but Node: `pondera serve` chooses weights, you measure them.
//
//   npx pondera serve &
//   node dist/examples/rest-loop.js [http://127.0.0.1:8350]
//
// PONDERA_KEY has the API key, where the service needs one; PONDERA_CLIENT names this client.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudyDefinition } from './pondera-api.ts';
import { ponderaClient } from './pondera-client.ts';

const { PONDERA_KEY: key, PONDERA_CLIENT: clientId = 'worker-1' } = process.env;
const pondera = ponderaClient(process.argv[2] ?? 'http://127.0.0.1:8350', key);
const TRIALS = 20;

// A trial is lent for so long, and again with each heartbeat: one whose client died is handed out anew.
const LEASE_SECONDS = 3;

// What to gain, over which weights, and what not to lose for it. The name is the study's identifier.
const study: StudyDefinition = {
  name: `rest-loop-ts-${Date.now()}`,
  weights: { click: [0, 1], save: [0, 1], follow: [0, 1] },
  sum: 1,
  objective: 'maximize watch_time',
  guardrails: ['saves >= 0.95 * baseline', 'hides <= 1.05 * baseline'],
  baseline: { weights: { click: 0.4, save: 0.3, follow: 0.3 } },
  // This stand-in measures exactly. An A/B test does not: leave `metrics` out and complete with {mean, sem}.
  metrics: { watch_time: { noise: 'none' }, saves: { noise: 'none' }, hides: { noise: 'none' } },
  budget: TRIALS,
};

// Put your own measurement here: rank with these weights, return what happened.
async function evaluate(number: number, weights: Readonly<Record<string, number>>) {
  // This stand-in takes a while once, so that heartbeats are sent, and breaks once.
  if (number === 0) await sleep(1500);
  if (number === 5) throw new Error('the job was killed');
  const { click = 0, save = 0, follow = 0 } = weights;
  return {
    watch_time: 10 - 12 * (click - 0.6) ** 2 - 8 * (save - 0.2) ** 2 - 6 * (follow - 0.2) ** 2,
    saves: 1 + save - 0.3 * click,
    hides: 0.1 + 0.1 * click ** 2,
  };
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

await pondera('POST /v1/studies', { body: study });
// One more than the budget: trial 0 is the baseline, which every guardrail is measured against.
for (let i = 0; i <= TRIALS; i++) {
  // The same client asking again, after a crash say, gets the trials that it still has.
  const { trials } = await pondera('POST /v1/studies/{id}/trials:suggest', {
    path: { id: study.name },
    body: { count: 1, clientId, leaseSeconds: LEASE_SECONDS },
  });
  for (const { number, weights } of trials) {
    const path = { id: study.name, number };
    const beat = setInterval(
      () => {
        const body = { clientId, leaseSeconds: LEASE_SECONDS };
        // A beat that is lost is no matter: the next one, or the completion, says how it is.
        pondera('POST /v1/studies/{id}/trials/{number}:heartbeat', { path, body }).catch(() => undefined);
      },
      (LEASE_SECONDS / 3) * 1000,
    );
    const measured = await evaluate(number, weights!).catch((error: unknown) => String(error));
    clearInterval(beat);
    if (typeof measured === 'string') {
      await pondera('POST /v1/studies/{id}/trials/{number}:fail', { path, body: { reason: measured } });
      print(`trial ${number} failed: ${measured}`);
    } else {
      await pondera('POST /v1/studies/{id}/trials/{number}:complete', { path, body: { metrics: measured } });
      print(`trial ${number}: watch_time ${measured.watch_time.toFixed(4)}`);
    }
  }
}

const { best } = await pondera('GET /v1/studies/{id}:report', { path: { id: study.name } });
if (best === null) throw new Error('no trial was measured');
print(`best: trial ${best.number}, feasible: ${best.feasible}, weights ${JSON.stringify(best.weights)}`);
for (const [metric, { value, baseline }] of Object.entries(best.metrics)) {
  print(`${metric}: ${value} (baseline ${baseline})`);
}
