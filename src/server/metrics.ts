import type { Request, RequestHandler, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { SWEEP_STATES } from '../domain/sweep-state.ts';
import { countRunningTrials } from '../service/count-running-trials.ts';
import { countSweeps, type SweepingContext } from '../service/read-sweep.ts';
import type { MeasuringContext } from '../service/create-measured-experiment.ts';
import type { LongWork } from './long-work.ts';
import { sentStatus } from './sent-status.ts';
import type { SweepStreams } from './sweep-events.ts';

const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const SUGGESTION_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];

export interface Metrics {
  /** Counts a request that is over. */
  observe(request: Request, response: Response, route: string, seconds: number): void;
  /** `/metrics` in the text form of Prometheus. */
  readonly handler: RequestHandler;
}

/** What Prometheus is told. Labels are methods, routes and statuses: as many as the program has, whatever is sent. */
export function createMetrics(
  { store, measuring }: Pick<SweepingContext, 'store'> & MeasuringContext,
  longWork: LongWork,
  streams: Pick<SweepStreams, 'open'>,
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'pondera_http_requests_total',
    help: 'Requests by method, route and status; 499 is a client that left.',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'pondera_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route.',
    labelNames: ['route'] as const,
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const suggestions = new Histogram({
    name: 'pondera_suggestion_duration_seconds',
    help: 'Time of suggestions that were answered, waiting included.',
    buckets: SUGGESTION_BUCKETS,
    registers,
  });
  gauge('pondera_queue_length', 'Requests that compute or wait to.', (value) => value.set(longWork.length()));
  gauge('pondera_queue_limit', 'How many of them there may be (--queue).', (value) =>
    value.set(longWork.most),
  );
  const up = new Gauge({ name: 'pondera_database_up', help: 'Whether the database answers.', registers });
  gauge('pondera_trials_running', 'Trials handed out and not completed.', async (value) => {
    try {
      value.set(await countRunningTrials(store));
      up.set(1);
    } catch {
      value.remove();
      up.set(0);
    }
  });
  const sweeps: Gauge<'state'> = new Gauge({
    name: 'pondera_sweeps',
    help: 'The latest sweep of each study, by state as it is stored.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      try {
        const counts = await countSweeps(store);
        for (const state of SWEEP_STATES) sweeps.set({ state }, counts.get(state) ?? 0);
      } catch {
        sweeps.reset();
      }
    },
  });
  gauge('pondera_measurings_running', 'Processes that measure arms on datasets.', (value) =>
    value.set(measuring?.working() ?? 0),
  );
  gauge('pondera_measurings_waiting', 'Experiments whose arms wait to be measured.', (value) =>
    value.set(measuring?.waiting() ?? 0),
  );
  gauge('pondera_sweep_listeners', 'Clients that listen to events of sweeps.', (value) =>
    value.set(streams.open()),
  );
  return {
    observe({ method }, response, route, seconds) {
      const status = String(sentStatus(response));
      requests.inc({ method, route, status });
      durations.observe({ route }, seconds);
      if (route.endsWith(':suggest') && status === '200') suggestions.observe(seconds);
    },
    handler: async (_request, response) => {
      response.type(registry.contentType).send(await registry.metrics());
    },
  };

  function gauge(name: string, help: string, collect: (value: Gauge) => void | Promise<void>): void {
    const value: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => collect(value),
    });
  }
}
