import type { Router } from 'express';
import { parseWith } from '../domain/schema.ts';
import {
  archiveStudy,
  deleteStudy,
  type ManagedStudy,
  patchStudy,
  readManagedStudy,
  unarchiveStudy,
} from '../service/change-study.ts';
import type { WriteContext } from '../service/service-context.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { actorOf, post, type ServerContext } from './post.ts';
import { ifMatch, neededIfMatch, setEtag } from './preconditions.ts';
import { emptyBodySchema, patchBodySchema, studyResource } from './resources.ts';

/** What is done with a study after it was created. */
export function addStudyChanges(router: Router, context: ServerContext): void {
  const action = (
    verb: string,
    run: (context: WriteContext<ManagedStudy>, id: string) => Promise<ManagedStudy>,
  ): void => {
    const handler = post<{ id: string }, ManagedStudy>(
      context,
      (writing, { params, body }) => {
        parseWith(emptyBodySchema, body ?? {}, 'request_invalid');
        return run(writing, params.id);
      },
      (study) => ({ body: studyResource(study) }),
    );
    router.route(`/:id\\:${verb}`).post(handler).all(methodNotAllowed('POST'));
  };
  action('archive', archiveStudy);
  action('unarchive', unarchiveStudy);

  // After the verbs, which it would take for part of a name.
  router
    .route('/:id')
    .get(async (request, response) => {
      const study = await readManagedStudy(context, request.params.id);
      setEtag(response, study);
      response.json(studyResource(study));
    })
    .patch(async (request, response) => {
      const isExpected = neededIfMatch(request);
      const patch = parseWith(patchBodySchema, request.body ?? {}, 'request_invalid');
      const writing = { ...context, actor: actorOf(response, context) };
      const study = await patchStudy(writing, request.params.id, isExpected, patch);
      setEtag(response, study);
      response.json(studyResource(study));
    })
    .delete(async (request, response) => {
      const writing = { ...context, actor: actorOf(response, context) };
      await deleteStudy(writing, request.params.id, ifMatch(request));
      response.status(204).end();
    })
    .all(methodNotAllowed('GET, HEAD, PATCH, DELETE'));
}
