import type { Router } from 'express';
import { parseWith } from '../domain/schema.ts';
import { cancelSweep, pauseSweep, resumeSweep, startSweep } from '../service/change-sweep.ts';
import { readSweep, type SweepingContext, type SweepView } from '../service/read-sweep.ts';
import type { WriteContext } from '../service/service-context.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { post, type ServerContext } from './post.ts';
import { emptyBodySchema } from './resources.ts';
import { sweepBodySchema, sweepResource } from './sweep-resources.ts';

type Writing = WriteContext<SweepView> & SweepingContext;

/** Sweeps by the service: `POST …:sweep`, `GET …/sweep` and what is done with one. */
export function addSweepRoutes(router: Router, context: ServerContext): void {
  router
    .route('/:id\\:sweep')
    .post(
      post<{ id: string }, SweepView>(
        context,
        (writing, { params, body }) =>
          startSweep(
            { ...context, ...writing },
            params.id,
            parseWith(sweepBodySchema, body ?? {}, 'request_invalid'),
          ),
        (sweep) => ({
          status: 202,
          location: `/v1/studies/${sweep.study}/sweep`,
          body: sweepResource(sweep),
        }),
      ),
    )
    .all(methodNotAllowed('POST'));

  const action = (verb: string, run: (writing: Writing, id: string) => Promise<SweepView>): void => {
    const handler = post<{ id: string }, SweepView>(
      context,
      (writing, { params, body }) => {
        parseWith(emptyBodySchema, body ?? {}, 'request_invalid');
        return run({ ...context, ...writing }, params.id);
      },
      (sweep) => ({ body: sweepResource(sweep) }),
    );
    router.route(`/:id/sweep\\:${verb}`).post(handler).all(methodNotAllowed('POST'));
  };
  action('pause', pauseSweep);
  action('resume', resumeSweep);
  action('cancel', cancelSweep);

  router
    .route('/:id/sweep')
    .get(async (request, response) => {
      response.json(sweepResource(await readSweep(context, request.params.id)));
    })
    .all(methodNotAllowed('GET, HEAD'));
}
