import express, { type Express, type RequestHandler } from 'express';
import type { ServiceContext } from '../service/service-context.ts';
import { notFound, problem, problemHandler, sendProblem } from './problem.ts';
import { studiesRouter } from './studies-router.ts';

const LARGEST_BODY = '1mb';

/** The REST interface over the use cases. `onFault` hears of faults of the program; clients see a bare 500. */
export function createApp(context: ServiceContext, onFault: (error: unknown) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('strict routing');
  app.use(loopbackHostOnly, jsonBodyOnly);
  app.use(express.json({ limit: LARGEST_BODY, strict: true }));
  app.use('/v1/studies', studiesRouter(context));
  app.use(notFound);
  app.use(problemHandler(onFault));
  return app;
}

/** A page in a browser that has another name for this machine must not reach a service without keys. */
const loopbackHostOnly: RequestHandler = (request, response, next) => {
  if (/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) next();
  else sendProblem(response, problem(421, 'host', 'expected the host 127.0.0.1 or localhost'));
};

const jsonBodyOnly: RequestHandler = (request, response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.is('application/json') !== false) next();
  else sendProblem(response, problem(415, 'media_type', 'expected application/json'));
};
