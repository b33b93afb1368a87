// The suggest/complete loop over HTTP, with nothing but Node: `pondera serve` chooses weights, you measure them.
//
//   npx pondera serve &
//   node dist/examples/rest-loop.js [http://127.0.0.1:8350]

const base = process.argv[2] ?? 'http://127.0.0.1:8350';
const TRIALS = 12;

// What to gain, over which weights, and what not to lose for it. The name is the study's identifier.
const study = {
  name: `rest-loop-ts-${Date.now()}`,
  weights: { click: [0, 1], save: [0, 1], follow: [0, 1] },
  sum: 1,
  objective: 'maximize watch_time',
  guardrails: ['saves >= 0.95 * baseline', 'hides <= 1.05 * baseline'],
  baseline: { weights: { click: 0.4, save: 0.3, follow: 0.3 } },
  // This stand-in measures exactly. An A/B test does not: leave `metrics` out and complete with {mean, sem}.
  metrics: { watch_time: { noise: 'none' }, saves: { noise: 'none' }, hides: { noise: 'none' } },
  budget: TRIALS,
} as const;

type Weights = Readonly<Record<keyof typeof study.weights, number>>;

interface Trial {
  readonly number: number;
  readonly weights: Weights;
}

interface Report {
  readonly best: {
    readonly number: number;
    readonly weights: Weights;
    readonly feasible: boolean;
    readonly metrics: Readonly<Record<string, { value: number; baseline: number }>>;
  };
}

// Put your own measurement here: rank with these weights, return what happened.
function evaluate({ click, save, follow }: Weights) {
  return {
    watch_time: 10 - 12 * (click - 0.6) ** 2 - 8 * (save - 0.2) ** 2 - 6 * (follow - 0.2) ** 2,
    saves: 1 + save - 0.3 * click,
    hides: 0.1 + 0.1 * click ** 2,
  };
}

// Every error is a problem document (RFC 9457): `detail` says what was found and what is expected.
async function call<Body>(method: string, path: string, body?: object): Promise<Body> {
  const response = await fetch(`${base}/v1/studies${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer as Body;
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

await call('POST', '', study);
const trials = `/${study.name}/trials`;
// One more than the budget: trial 0 is the baseline, which every guardrail is measured against.
for (let i = 0; i <= TRIALS; i++) {
  const suggested = await call<{ trials: Trial[] }>('POST', `${trials}:suggest`, { count: 1 });
  for (const { number, weights } of suggested.trials) {
    const metrics = evaluate(weights);
    await call('POST', `${trials}/${number}:complete`, { metrics });
    print(`trial ${number}: watch_time ${metrics.watch_time.toFixed(4)}`);
  }
}

const { best } = await call<Report>('GET', `/${study.name}:report`);
print(`best: trial ${best.number}, feasible: ${best.feasible}, weights ${JSON.stringify(best.weights)}`);
for (const [metric, { value, baseline }] of Object.entries(best.metrics)) {
  print(`${metric}: ${value} (baseline ${baseline})`);
}
