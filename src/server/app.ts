import type { RequestListener } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { bodyLimits } from './body-limits.ts';
import { notFound, problem, problemHandler, sendProblem } from './problem.ts';
import type { ServerContext } from './post.ts';
import { studiesRouter } from './studies-router.ts';

const LARGEST_BODY = '1mb';

/** The REST interface over the use cases. `onFault` hears of faults of the program; clients see a bare 500. */
export function createApp(context: ServerContext, onFault: (error: unknown) => void): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.use(loopbackHostOnly, ownPagesOnly, jsonBodyOnly);
  app.use(express.json({ limit: LARGEST_BODY, strict: true }), bodyLimits);
  app.use('/v1/studies', studiesRouter(context));
  app.use(notFound);
  app.use(problemHandler(onFault));
  // express answers in HTML where it can read no path at all, as in "//x@#": it then asks no handler above.
  return (request, response) =>
    app(request as Request, response as Response, lastAnswer(response as Response));
}

/** Ends what no handler has ended; an answer that broke off is cut, so that nobody takes it for whole. */
function lastAnswer(response: Response): () => void {
  return () => {
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem(400, 'path_malformed', 'expected a path'));
  };
}

/** The names of this machine, with any port. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** A page in a browser that has another name for this machine must not reach a service without keys. */
const loopbackHostOnly: RequestHandler = (request, response, next) => {
  if (LOOPBACK.test(request.headers.host ?? '')) next();
  else sendProblem(response, problem(421, 'host', 'expected the host 127.0.0.1 or localhost'));
};

/** A page of another site may post without a body, and use up a study's budget: browsers say where it comes from. */
const ownPagesOnly: RequestHandler = (request, response, next) => {
  const { origin } = request.headers;
  if (origin === undefined || LOOPBACK.test(origin.replace(/^https?:\/\//, ''))) next();
  else sendProblem(response, problem(403, 'origin', 'expected no page of another site'));
};

const jsonBodyOnly: RequestHandler = (request, response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.is('application/json') !== false) next();
  else sendProblem(response, problem(415, 'media_type', 'expected application/json'));
};
