import { Router } from 'express';
import { databaseAnswers } from '../service/database-answers.ts';
import type { ServiceContext } from '../service/service-context.ts';
import type { Lifecycle } from './lifecycle.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { problem, sendProblem } from './problem.ts';

/** `/healthz`: the process answers. `/readyz`: it should be sent requests. */
export function probes({ store }: Pick<ServiceContext, 'store'>, lifecycle: Lifecycle): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/healthz')
    .get((_request, response) => {
      response.json({ status: 'alive' });
    })
    .all(methodNotAllowed('GET, HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const phase = lifecycle.phase();
      const lacking =
        phase !== 'serving'
          ? `the service is ${phase}`
          : (await databaseAnswers(store))
            ? undefined
            : 'the database does not answer';
      if (lacking === undefined) response.json({ status: 'ready' });
      else sendProblem(response, problem(503, 'not_ready', `${lacking}: expected no requests`));
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
