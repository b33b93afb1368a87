import { parseWith } from '../domain/schema.ts';
import { studyNameSchema } from '../domain/name.ts';
import { listStudies, listTrials } from '../service/read-history.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { studiesQuerySchema, trialPositionSchema, trialsQuerySchema } from './list-queries.ts';
import { pageToken, positionOf } from './page-token.ts';
import { studyResource, trialResource } from './resources.ts';

type ReadContext = Pick<ServiceContext, 'store'>;

/** The answer of `GET studies`. Throws `request_invalid`. */
export async function studiesPage(context: ReadContext, query: unknown) {
  const {
    pageSize: most,
    pageToken: token,
    archived,
  } = parseWith(studiesQuerySchema, query, 'request_invalid');
  const withArchived = archived === 'true';
  const bound = ['studies', withArchived];
  const after =
    token === undefined
      ? undefined
      : parseWith(studyNameSchema, positionOf(bound, token), 'request_invalid', { pointer: '/pageToken' });
  const { studies, hasMore } = await listStudies(context, { after, most, withArchived });
  const last = studies.at(-1);
  return {
    studies: studies.map(studyResource),
    nextPageToken: hasMore ? pageToken(bound, last!.definition.name) : null,
  };
}

/** The answer of `GET trials`. Throws `study_not_found`, `request_invalid`. */
export async function trialsPage(context: ReadContext, studyId: string, query: unknown) {
  const {
    pageSize,
    pageToken: token,
    order,
    ...filter
  } = parseWith(trialsQuerySchema, query, 'request_invalid');
  const { state, generator, clientId } = filter;
  const bound = ['trials', studyId, order.by, order.descending, state, generator, clientId];
  const after =
    token === undefined
      ? undefined
      : parseWith(trialPositionSchema(order), positionOf(bound, token), 'request_invalid', {
          pointer: '/pageToken',
        });
  const { trials, last } = await listTrials(context, studyId, { filter, order, after, most: pageSize });
  return {
    trials: trials.map(trialResource),
    nextPageToken: last === undefined ? null : pageToken(bound, last),
  };
}
