import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { type Logger, pino } from 'pino';
import { authorise, identify } from './access.ts';
import { bodyLimits } from './body-limits.ts';
import { datasetsRouter } from './datasets-router.ts';
import { deadline, withDeadlines } from './deadline.ts';
import { docs } from './docs.ts';
import { importRouter } from './import-route.ts';
import { checkJsonText } from './json-text.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { logRequest } from './logger.ts';
import { createLongWork, createTransfers, createUploads } from './long-work.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { createMetrics } from './metrics.ts';
import { notFound, problem, problemHandler, sendProblem } from './problem.ts';
import type { ServerContext } from './post.ts';
import { probes } from './probes.ts';
import { requestRate } from './rate-limit.ts';
import { readoutImportRouter } from './readout-import-route.ts';
import { requestIdFor } from './request-id.ts';
import { routeTemplate } from './route-template.ts';
import { sameMachineOnly } from './same-machine.ts';
import { securityHeaders } from './security-headers.ts';
import { DEFAULT_LIMITS, type ServiceLimits } from './service-limits.ts';
import { studiesRouter } from './studies-router.ts';
import { sweepStreams } from './sweep-events.ts';
import { STREAM_LIMITS, type StreamLimits } from './sweep-stream.ts';

const LARGEST_BODY = '1mb';

/** To the end of an answer: ours, and those that Node adds where a stream is piped into it. */
const MOST_LISTENERS = 20;

/** How a service is run; what is left out is as the defaults say, and logs nothing. */
export interface Operation {
  readonly limits?: Partial<ServiceLimits>;
  readonly lifecycle?: Lifecycle;
  readonly logger?: Logger;
  readonly streams?: Partial<StreamLimits>;
}

/**
 * The REST interface over the use cases. `onFault` hears of faults of the program, with the id of the request; clients see a
 * bare 500.
 */
export function createApp(
  context: ServerContext,
  onFault: (error: unknown, requestId: string) => void,
  {
    limits,
    lifecycle = createLifecycle(),
    logger = pino({ level: 'silent' }),
    streams: ofStreams,
  }: Operation = {},
): RequestListener {
  const all: ServiceLimits = { ...DEFAULT_LIMITS, ...limits };
  const { rate, queue, transfers, uploads, deadline: seconds } = all;
  const bounded = withDeadlines(context);
  const routers = { '/v1/studies': studiesRouter(bounded), '/v1/datasets': datasetsRouter(bounded) };
  const longWork = createLongWork(queue);
  const streams = sweepStreams(context, lifecycle, { ...STREAM_LIMITS, ...ofStreams });
  const metrics = createMetrics(context, longWork, streams);
  void context.pool.ready.then(() => lifecycle.started());

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.use(probes(context, lifecycle));
  app.use(lifecycle.refuseWhileDraining);
  app.use(identify(context), sameMachineOnly, requestRate(rate));
  app.use(docs());
  app.use(['/v1', '/metrics'], authorise);
  app.route('/metrics').get(metrics.handler).all(methodNotAllowed('GET, HEAD'));
  app.use(createTransfers(transfers).gate, createUploads(uploads).gate);
  app.use('/v1/studies', importRouter(context, lifecycle), readoutImportRouter(context, lifecycle, all));
  app.use('/v1/studies', streams.router);
  app.use(jsonBodyOnly, express.json({ limit: LARGEST_BODY, strict: true, verify: checkBytes }), bodyLimits);
  app.use(longWork.gate, deadline(seconds, lifecycle));
  for (const [path, router] of Object.entries(routers)) app.use(path, router);
  app.use(notFound);
  app.use(problemHandler(onFault));

  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const [request, response] = [incoming as Request, outgoing as Response];
    const start = performance.now();
    const requestId = requestIdFor(incoming);
    response.locals = { requestId };
    outgoing.setMaxListeners(MOST_LISTENERS);
    outgoing.setHeader('X-Request-Id', requestId);
    outgoing.setHeader('Cache-Control', 'no-store');
    outgoing.once('close', () => {
      const took = (performance.now() - start) / 1000;
      const route = routeTemplate(request, Object.keys(routers));
      metrics.observe(request, response, route, took);
      logRequest(logger, request, response, route, took);
    });
    // express answers in HTML where it can read no path at all, as in "//x@#": it then asks no handler above.
    securityHeaders(incoming, outgoing, () => app(request, response, lastAnswer(response)));
  };
}

/** Ends what no handler has ended; an answer that broke off is cut, so that nobody takes it for whole. */
function lastAnswer(response: Response): () => void {
  return () => {
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem(400, 'path_malformed', 'expected a path'));
  };
}

function checkBytes(_request: unknown, _response: unknown, bytes: Uint8Array): void {
  checkJsonText(bytes);
}

const jsonBodyOnly: RequestHandler = (request, response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1];
  const isUtf8 = charset === undefined || charset.toLowerCase() === 'utf-8';
  if (!hasBody || (request.is('application/json') !== false && isUtf8)) next();
  else sendProblem(response, problem(415, 'media_type', 'expected application/json in UTF-8'));
};
