import { Router } from 'express';
import { parseWith } from '../domain/schema.ts';
import { studySchema } from '../domain/study-rules.ts';
import { attachTrial } from '../service/attach-trial.ts';
import { createStudy } from '../service/create-study.ts';
import { explainTrial } from '../service/explain-trial.ts';
import { modelOfStudy } from '../service/model-of-study.ts';
import { predictStudy, type StudyPrediction } from '../service/predict-study.ts';
import { readEvents } from '../service/read-events.ts';
import { readTrial, type StoredStudy, type StoredTrial } from '../service/read-history.ts';
import { bestTrialSoFar, paretoSetSoFar, reportStudy } from '../service/report-study.ts';
import { suggestTrials } from '../service/suggest-trials.ts';
import { addNote, type Note, readNotes } from '../service/trial-notes.ts';
import { addExperimentRoutes } from './experiment-routes.ts';
import { exportRoute } from './export-route.ts';
import { studiesPage, trialsPage } from './list-pages.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { post, type ServerContext } from './post.ts';
import {
  attachBodySchema,
  bestTrialResource,
  eventsQuerySchema,
  eventsResource,
  noteBodySchema,
  paretoResource,
  predictBodySchema,
  studyResource,
  suggestBodySchema,
  trialResource,
} from './resources.ts';
import { addStudyChanges } from './study-changes.ts';
import { addTrialActions, type TrialParams, trialNumberOf } from './trial-actions.ts';

/** `/v1/studies`: one route per use case. Names after a colon are verbs on the resource before it. */
export function studiesRouter(context: ServerContext): Router {
  const router = Router({ caseSensitive: true });

  router
    .route('/')
    .post(
      post<unknown, StoredStudy>(
        context,
        (writing, { body }) => createStudy(writing, parseWith(studySchema, body, 'study_invalid')),
        (study) => ({
          status: 201,
          location: `/v1/studies/${study.definition.name}`,
          body: studyResource(study),
        }),
      ),
    )
    .get(async (request, response) => {
      response.json(await studiesPage(context, request.query));
    })
    .all(methodNotAllowed('GET, HEAD, POST'));

  router
    .route('/:id\\:report')
    .get<{ id: string }>(async (request, response) => {
      response.json(await reportStudy(context, request.params.id));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id\\:predict')
    .post(
      post<{ id: string }, StudyPrediction>(
        context,
        (writing, { params, body }) => {
          const { weights } = parseWith(predictBodySchema, body ?? {}, 'request_invalid');
          return predictStudy(writing, params.id, weights);
        },
        (prediction) => ({ body: prediction }),
      ),
    )
    .all(methodNotAllowed('POST'));

  addStudyChanges(router, context);

  router
    .route('/:id/model')
    .get(async (request, response) => {
      response.json(await modelOfStudy(context, request.params.id));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials')
    .get(async (request, response) => {
      response.json(await trialsPage(context, request.params.id, request.query));
    })
    .post(
      post<{ id: string }, StoredTrial>(
        context,
        (writing, { params, body }) =>
          attachTrial(writing, params.id, parseWith(attachBodySchema, body ?? {}, 'request_invalid')),
        (trial, { params }) => ({
          status: 201,
          location: `/v1/studies/${params.id}/trials/${trial.number}`,
          body: trialResource(trial),
        }),
      ),
    )
    .all(methodNotAllowed('GET, HEAD, POST'));

  router.route('/:id/trials\\:export').get(exportRoute(context)).all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials\\:best')
    .get(async (request, response) => {
      response.json(bestTrialResource(await bestTrialSoFar(context, request.params.id)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials\\:pareto')
    .get(async (request, response) => {
      response.json(paretoResource(await paretoSetSoFar(context, request.params.id)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials\\:suggest')
    .post(
      post<{ id: string }, readonly StoredTrial[]>(
        context,
        (writing, { params, body }) =>
          suggestTrials(writing, params.id, parseWith(suggestBodySchema, body ?? {}, 'request_invalid')),
        (trials) => ({ body: { trials: trials.map(trialResource) } }),
      ),
    )
    .all(methodNotAllowed('POST'));

  addTrialActions(router, context);
  addExperimentRoutes(router, context);

  router
    .route('/:id/events')
    .get(async (request, response) => {
      const { pageSize, pageToken } = parseWith(eventsQuerySchema, request.query, 'request_invalid');
      const events = await readEvents(context, request.params.id, pageToken, pageSize);
      response.json(eventsResource(events, pageSize));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials/:number\\:explain')
    .get<TrialParams>(async (request, response) => {
      response.json(await explainTrial(context, request.params.id, trialNumberOf(request)));
    })
    .all(methodNotAllowed('GET, HEAD'));

  router
    .route('/:id/trials/:number/notes')
    .get<TrialParams>(async (request, response) => {
      const notes = await readNotes(context, request.params.id, trialNumberOf(request));
      response.json({ notes });
    })
    .post(
      post<TrialParams, Note>(
        context,
        (writing, request) => {
          const { text } = parseWith(noteBodySchema, request.body ?? {}, 'request_invalid');
          return addNote(writing, request.params.id, trialNumberOf(request), text);
        },
        (note) => ({ status: 201, body: note }),
      ),
    )
    .all(methodNotAllowed('GET, HEAD, POST'));

  router
    .route('/:id/trials/:number')
    .get<TrialParams>(async (request, response) => {
      const trial = await readTrial(context, request.params.id, trialNumberOf(request));
      response.json(trialResource(trial));
    })
    .all(methodNotAllowed('GET, HEAD'));

  return router;
}
