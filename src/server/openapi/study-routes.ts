import { studySchema as studyBodySchema } from '../../domain/study-rules.ts';
import { modelReportSchema } from '../../service/model-of-study.ts';
import { studyPredictionSchema } from '../../service/predict-study.ts';
import { studyReportSchema } from '../../service/report-study.ts';
import { eventsPageSchema, studiesPageSchema, studySchema } from '../answers.ts';
import { studiesQuerySchema } from '../list-queries.ts';
import { emptyBodySchema, eventsQuerySchema, patchBodySchema, predictBodySchema } from '../resources.ts';
import type { RouteTable } from './route-description.ts';

/** What is done with studies as a whole. */
export const STUDY_ROUTES: RouteTable = {
  'POST /v1/studies': {
    operationId: 'createStudy',
    tag: 'Studies',
    summary: 'Create a study.',
    description: 'The study file as JSON, without `log` and `heads`. Its name is its identifier for good.',
    body: {
      schema: studyBodySchema.meta({
        id: 'StudyDefinition',
        description: 'What to optimise, over which weights, under which constraints.',
      }),
      needed: true,
      example: {
        name: 'newsfeed',
        weights: { click: [0, 1], save: [0, 1], follow: [0, 1] },
        sum: 1,
        objective: 'maximize watch_time',
        guardrails: ['saves >= 0.95 * baseline'],
        baseline: { weights: { click: 0.4, save: 0.3, follow: 0.3 } },
        budget: 30,
      },
    },
    once: true,
    answers: { 201: { description: 'The study.', schema: studySchema, headers: ['Location'] } },
    problems: [
      'study_invalid',
      'study_exists',
      'study_unsupported',
      'constraints_infeasible',
      'baseline_invalid',
    ],
  },
  'GET /v1/studies': {
    operationId: 'listStudies',
    tag: 'Studies',
    summary: 'List studies by name, a page at a time.',
    query: studiesQuerySchema,
    answers: { 200: { description: 'A page.', schema: studiesPageSchema } },
  },
  'GET /v1/studies/{id}': {
    operationId: 'readStudy',
    tag: 'Studies',
    summary: 'Read a study.',
    answers: { 200: { description: 'The study.', schema: studySchema, headers: ['ETag'] } },
    problems: ['study_not_found'],
  },
  'PATCH /v1/studies/{id}': {
    operationId: 'patchStudy',
    tag: 'Studies',
    summary: 'Change budget, confidence or description; null takes one away.',
    ifMatch: 'needed',
    body: { schema: patchBodySchema, needed: false, example: { budget: 60 } },
    answers: { 200: { description: 'The study as it is now.', schema: studySchema, headers: ['ETag'] } },
    problems: [
      'study_not_found',
      'study_invalid',
      'study_changed',
      'study_has_log',
      'precondition_failed',
      'precondition_required',
    ],
  },
  'DELETE /v1/studies/{id}': {
    operationId: 'deleteStudy',
    tag: 'Studies',
    summary: 'Delete a study. Its name stays taken.',
    ifMatch: 'optional',
    answers: { 204: { description: 'The study is gone for all.' } },
    problems: ['study_not_found', 'precondition_failed'],
  },
  'POST /v1/studies/{id}:archive': {
    operationId: 'archiveStudy',
    tag: 'Studies',
    summary: 'Hide a study from lists, and have it take no new trials.',
    body: { schema: emptyBodySchema, needed: false, example: {} },
    once: true,
    answers: { 200: { description: 'The study.', schema: studySchema } },
    problems: ['study_not_found'],
  },
  'POST /v1/studies/{id}:unarchive': {
    operationId: 'unarchiveStudy',
    tag: 'Studies',
    summary: 'Undo archiving.',
    body: { schema: emptyBodySchema, needed: false, example: {} },
    once: true,
    answers: { 200: { description: 'The study.', schema: studySchema } },
    problems: ['study_not_found'],
  },
  'GET /v1/studies/{id}:report': {
    operationId: 'reportStudy',
    tag: 'Results',
    summary: 'What was found so far.',
    description:
      'The best trial, or the Pareto set, against the baseline, its guardrails, and by which rule it is best.',
    answers: { 200: { description: 'The report.', schema: studyReportSchema } },
    problems: ['study_not_found'],
  },
  'GET /v1/studies/{id}/model': {
    operationId: 'modelOfStudy',
    tag: 'Results',
    summary: 'The models, and how well they foretell each observation from the others.',
    answers: { 200: { description: 'A model a metric.', schema: modelReportSchema } },
    problems: ['study_not_found'],
  },
  'POST /v1/studies/{id}:predict': {
    operationId: 'predict',
    tag: 'Results',
    summary: 'What the models foretell at given weights.',
    body: {
      schema: predictBodySchema,
      needed: true,
      example: { weights: [{ click: 0.5, save: 0.25, follow: 0.25 }] },
    },
    once: true,
    answers: { 200: { description: 'A prediction a point.', schema: studyPredictionSchema } },
    problems: ['study_not_found', 'weights_invalid'],
  },
  'GET /v1/studies/{id}/events': {
    operationId: 'listEvents',
    tag: 'Studies',
    summary: 'Who did what and when, enough to make every suggestion again.',
    query: eventsQuerySchema,
    answers: { 200: { description: 'A page.', schema: eventsPageSchema } },
    problems: ['study_not_found'],
  },
};
