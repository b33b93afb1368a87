import { Router } from 'express';
import { datasetNameSchema } from '../domain/dataset.ts';
import { parseWith } from '../domain/schema.ts';
import { datasetPage, readDataset } from '../service/datasets.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { datasetResource, datasetsQuerySchema } from './dataset-resources.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { pageToken, positionOf } from './page-token.ts';

const BOUND = ['datasets'];

/** `/v1/datasets`: what is registered, to look at. Registering takes the command line of whoever operates the service. */
export function datasetsRouter(context: Pick<ServiceContext, 'store'>): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/')
    .get(async (request, response) => {
      const { pageSize, pageToken: token } = parseWith(datasetsQuerySchema, request.query, 'request_invalid');
      const after =
        token === undefined
          ? undefined
          : parseWith(datasetNameSchema, positionOf(BOUND, token), 'request_invalid', {
              pointer: '/pageToken',
            });
      const { datasets, hasMore } = await datasetPage(context, { after, most: pageSize });
      response.json({
        datasets: datasets.map(datasetResource),
        nextPageToken: hasMore ? pageToken(BOUND, datasets.at(-1)!.name) : null,
      });
    })
    .all(methodNotAllowed('GET, HEAD'));
  router
    .route('/:dataset')
    .get<{ dataset: string }>(async (request, response) => {
      response.json(datasetResource(await readDataset(context, request.params.dataset)));
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
