import { z } from 'zod';
import { experimentRequestSchema } from '../../domain/experiment.ts';
import { planRequestSchema } from '../../service/plan-experiment.ts';
import { analysisResourceSchema, nextStepSchema, planResourceSchema } from '../analysis-resources.ts';
import {
  analyseQuerySchema,
  endBodySchema,
  experimentResourceSchema,
  experimentsResourceSchema,
  exportQuerySchema,
  readoutBodySchema,
  readoutResourceSchema,
  readoutsResourceSchema,
  recommendQuerySchema,
} from '../experiment-resources.ts';
import { importedFileSchema, readoutImportQuerySchema } from '../readout-import-resources.ts';
import { emptyBodySchema } from '../resources.ts';
import type { RouteTable } from './route-description.ts';

const parameters = { number: z.int().min(1).describe('The number of the experiment, its round.') };

/** What can be wrong with a readout, whatever form it has, and with analysing one. */
const OF_A_READOUT = [
  'study_not_found',
  'experiment_not_found',
  'experiment_invalid',
  'experiment_state',
  'readout_invalid',
] as const;

/** What is done with a study's experiments on live traffic. */
export const EXPERIMENT_ROUTES: RouteTable = {
  'POST /v1/studies/{id}/experiments:plan': {
    operationId: 'planExperiment',
    tag: 'Experiments',
    summary: 'For 1, 2, … arms, the effect that each can show, and what the models expect to gain.',
    body: { schema: planRequestSchema, needed: true, example: { unitsPerDay: 20_000, days: 14 } },
    once: true,
    answers: { 200: { description: 'A plan a number of arms.', schema: planResourceSchema } },
    problems: ['study_not_found', 'experiment_invalid', 'readout_invalid'],
  },
  'POST /v1/studies/{id}/experiments': {
    operationId: 'createExperiment',
    tag: 'Experiments',
    summary: 'Plan the next round: the baseline, hand-picked arms and those that the study chooses.',
    description:
      'Of a study with a registered dataset the arms are measured on it, and those that rank it alike are merged (`merge`). Where nothing is measured, `provenance.notes` says why.',
    body: {
      schema: experimentRequestSchema.meta({
        id: 'ExperimentRequest',
        description: 'What is asked of a round.',
      }),
      needed: true,
      example: { window: { start: '2026-03-01', end: '2026-03-15' }, arms: 8 },
    },
    once: true,
    answers: {
      201: { description: 'The experiment.', schema: experimentResourceSchema, headers: ['Location'] },
    },
    problems: [
      'study_not_found',
      'study_archived',
      'experiment_invalid',
      'experiment_state',
      'weights_invalid',
      'constraints_infeasible',
      'dataset_unusable',
      'log_invalid',
      'log_unreadable',
      'study_changed',
    ],
  },
  'GET /v1/studies/{id}/experiments': {
    operationId: 'listExperiments',
    tag: 'Experiments',
    summary: 'All rounds, oldest first.',
    answers: { 200: { description: 'The experiments.', schema: experimentsResourceSchema } },
    problems: ['study_not_found'],
  },
  'GET /v1/studies/{id}/experiments/{number}': {
    operationId: 'readExperiment',
    tag: 'Experiments',
    summary: 'Read an experiment: arms with who chose them and why.',
    parameters,
    answers: { 200: { description: 'The experiment.', schema: experimentResourceSchema } },
    problems: ['study_not_found', 'experiment_not_found'],
  },
  'POST /v1/studies/{id}/experiments/{number}:start': {
    operationId: 'startExperiment',
    tag: 'Experiments',
    summary: 'Say that it runs.',
    parameters,
    body: { schema: emptyBodySchema, needed: false, example: {} },
    once: true,
    answers: { 200: { description: 'The experiment.', schema: experimentResourceSchema } },
    problems: ['study_not_found', 'experiment_not_found', 'experiment_state'],
  },
  'POST /v1/studies/{id}/experiments/{number}:end': {
    operationId: 'endExperiment',
    tag: 'Experiments',
    summary: 'Say that it is over: it takes no more readouts.',
    parameters,
    body: { schema: endBodySchema, needed: false, example: { reason: 'read out' } },
    once: true,
    answers: { 200: { description: 'The experiment.', schema: experimentResourceSchema } },
    problems: ['study_not_found', 'experiment_not_found', 'experiment_state'],
  },
  'GET /v1/studies/{id}/experiments/{number}:export': {
    operationId: 'exportExperiment',
    tag: 'Experiments',
    summary: 'The arms as flag data of a platform.',
    parameters,
    query: exportQuerySchema,
    answers: {
      200: {
        description: 'As the platform takes it.',
        schema: z.looseObject({}).describe('Of the form that the platform defines.'),
      },
    },
    problems: ['study_not_found', 'experiment_not_found', 'experiment_invalid'],
  },
  'POST /v1/studies/{id}/experiments/{number}/readouts': {
    operationId: 'importReadout',
    tag: 'Experiments',
    summary: 'Store what was measured. The last readout counts; the same again is none (200).',
    description: 'A gate that refuses can be forced by its name, which is recorded.',
    parameters,
    body: {
      schema: readoutBodySchema,
      needed: true,
      example: {
        readout: {
          window: { start: '2026-03-01', end: '2026-03-15' },
          units: { baseline: 40_000, 'r1-1': 40_112 },
          metrics: {
            saves: {
              kind: 'volume',
              arms: { baseline: { mean: 0.31, sem: 0.004 }, 'r1-1': { mean: 0.33, sem: 0.004 } },
            },
          },
        },
      },
    },
    once: true,
    answers: {
      200: { description: 'The readout that was there.', schema: readoutResourceSchema },
      201: { description: 'The readout.', schema: readoutResourceSchema, headers: ['Location'] },
    },
    problems: OF_A_READOUT,
  },
  'POST /v1/studies/{id}/experiments/{number}/readouts:import': {
    operationId: 'importReadoutFile',
    tag: 'Experiments',
    summary: 'The same from a file: rows of users, or of an arm and metric each.',
    description:
      'What `pondera readout` takes, with its options as the query; the stored readout is the same. Rows of users have the columns `arm`, `user_id` and one a metric; rows of arms `arm`, `metric`, then `mean` and `sem`, `lift` and `sem`, or `sum`, `sum_of_squares` and `n`. `line` of a problem is one of the file, its pointer is within the readout that was read.',
    parameters,
    query: readoutImportQuerySchema,
    files: {
      'text/csv': {
        description: 'CSV in UTF-8, with a header.',
        example: 'user_id,arm,saves,clicks\nann,baseline,2,1\nbob,r1-1,0,0\n',
      },
      'application/x-ndjson': {
        description: 'An object a line, of the same columns.',
        example: '{"user_id": "ann", "arm": "baseline", "saves": 2, "clicks": 1}\n',
      },
      'application/vnd.apache.parquet': { description: 'A Parquet file of the same columns.' },
    },
    once: true,
    answers: {
      200: { description: 'The readout that was there.', schema: importedFileSchema },
      201: { description: 'The readout.', schema: importedFileSchema, headers: ['Location'] },
    },
    problems: [...OF_A_READOUT, 'reading_ended', 'disk_full'],
  },
  'GET /v1/studies/{id}/experiments/{number}/readouts': {
    operationId: 'listReadouts',
    tag: 'Experiments',
    summary: 'All readouts of an experiment, oldest first.',
    parameters,
    answers: { 200: { description: 'The readouts.', schema: readoutsResourceSchema } },
    problems: ['study_not_found', 'experiment_not_found'],
  },
  'GET /v1/studies/{id}/experiments/{number}:analyse': {
    operationId: 'analyseExperiment',
    tag: 'Experiments',
    summary: 'Lifts, verdicts of the guardrails, and the joint posterior of log and rounds.',
    parameters,
    query: analyseQuerySchema,
    answers: { 200: { description: 'The analysis.', schema: analysisResourceSchema } },
    problems: OF_A_READOUT,
  },
  'GET /v1/studies/{id}/experiments:recommend': {
    operationId: 'recommendNext',
    tag: 'Experiments',
    summary: 'Ship an arm, run another round, wait for a readout, or stop; with the reasons.',
    query: recommendQuerySchema,
    answers: { 200: { description: 'The next step.', schema: nextStepSchema } },
    problems: ['study_not_found', 'experiment_invalid', 'readout_invalid'],
  },
};
