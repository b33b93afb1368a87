import { datasetNameSchema } from '../../domain/dataset.ts';
import { datasetResourceSchema, datasetsPageSchema, datasetsQuerySchema } from '../dataset-resources.ts';
import { emptyBodySchema } from '../resources.ts';
import { sweepBodySchema, sweepResourceSchema } from '../sweep-resources.ts';
import type { RouteTable } from './route-description.ts';

const SWEEP = { 200: { description: 'The sweep.', schema: sweepResourceSchema } } as const;

/** Registered datasets, and sweeps that the service runs on them. */
export const SWEEP_ROUTES: RouteTable = {
  'GET /v1/datasets': {
    operationId: 'listDatasets',
    tag: 'Sweeps',
    summary: 'List registered datasets by name, a page at a time.',
    query: datasetsQuerySchema,
    answers: { 200: { description: 'A page.', schema: datasetsPageSchema } },
  },
  'GET /v1/datasets/{dataset}': {
    operationId: 'readDataset',
    tag: 'Sweeps',
    summary: 'Read what a dataset holds.',
    parameters: { dataset: datasetNameSchema.describe('The name of the dataset.') },
    answers: { 200: { description: 'The dataset.', schema: datasetResourceSchema } },
    problems: ['dataset_not_found'],
  },
  'POST /v1/studies/{id}:sweep': {
    operationId: 'startSweep',
    tag: 'Sweeps',
    summary: 'Have the service run the trials of a study on its dataset.',
    body: { schema: sweepBodySchema, needed: false, example: { trials: 40 } },
    once: true,
    answers: {
      202: { description: 'The sweep.', schema: sweepResourceSchema, headers: ['Location'] },
    },
    problems: [
      'study_not_found',
      'study_archived',
      'study_unsupported',
      'dataset_unusable',
      'sweep_state',
      'sweeps_full',
    ],
  },
  'GET /v1/studies/{id}/sweep': {
    operationId: 'readSweep',
    tag: 'Sweeps',
    summary: 'How the latest sweep of a study stands.',
    answers: SWEEP,
    problems: ['study_not_found', 'sweep_not_found'],
  },
  'GET /v1/studies/{id}/sweep:events': {
    operationId: 'followSweep',
    tag: 'Sweeps',
    summary: 'The events of the study and how its sweep stands, as server-sent events.',
    description:
      'From now on, or after `Last-Event-ID`; 204 says that nothing more will come. The stream ends when the sweep has, and after a quarter of an hour: clients come again.',
    lastEventId: true,
    answers: {
      200: {
        description: 'Events until the sweep ends.',
        types: { 'text/event-stream': { description: 'Server-sent events; data is JSON.' } },
      },
      204: { description: 'Nothing more will come.' },
    },
    problems: ['study_not_found', 'sweep_not_found'],
  },
  'POST /v1/studies/{id}/sweep:pause': {
    operationId: 'pauseSweep',
    tag: 'Sweeps',
    summary: 'Have it wait for `:resume`.',
    body: { schema: emptyBodySchema, needed: false, example: {} },
    once: true,
    answers: SWEEP,
    problems: ['study_not_found', 'sweep_not_found', 'sweep_state'],
  },
  'POST /v1/studies/{id}/sweep:resume': {
    operationId: 'resumeSweep',
    tag: 'Sweeps',
    summary: 'Have a paused or interrupted one go on.',
    body: { schema: emptyBodySchema, needed: false, example: {} },
    once: true,
    answers: SWEEP,
    problems: [
      'study_not_found',
      'study_archived',
      'sweep_not_found',
      'sweep_state',
      'sweeps_full',
      'dataset_unusable',
    ],
  },
  'POST /v1/studies/{id}/sweep:cancel': {
    operationId: 'cancelSweep',
    tag: 'Sweeps',
    summary: 'End it; its trials stay.',
    body: { schema: emptyBodySchema, needed: false, example: {} },
    once: true,
    answers: SWEEP,
    problems: ['study_not_found', 'sweep_not_found', 'sweep_state'],
  },
};
