import { trialExplanationSchema } from '../../service/explain-trial.ts';
import { noteSchema } from '../../service/trial-notes.ts';
import {
  bestTrialSchema,
  importedSchema,
  notesSchema,
  paretoSetSchema,
  suggestionSchema,
  trialSchema,
  trialsPageSchema,
} from '../answers.ts';
import { exportQuerySchema, trialsQuerySchema } from '../list-queries.ts';
import { attachBodySchema, importLineSchema, noteBodySchema, suggestBodySchema } from '../resources.ts';
import type { RouteTable } from './route-description.ts';

/** What is done with the trials of a study. */
export const TRIAL_ROUTES: RouteTable = {
  'POST /v1/studies/{id}/trials:suggest': {
    operationId: 'suggestTrials',
    tag: 'Trials',
    summary: 'The next trials to measure, the baseline (trial 0) first.',
    description:
      'With a `clientId` they are lent for `leaseSeconds`: the same client asking again gets the trials that it still has running.',
    body: { schema: suggestBodySchema, needed: false, example: { count: 1, clientId: 'worker-1' } },
    once: true,
    answers: { 200: { description: 'The trials.', schema: suggestionSchema } },
    problems: [
      'study_not_found',
      'study_archived',
      'study_has_log',
      'budget_exhausted',
      'constraints_infeasible',
      'weights_invalid',
    ],
  },
  'GET /v1/studies/{id}/trials': {
    operationId: 'listTrials',
    tag: 'Trials',
    summary: 'List trials, a page at a time.',
    description:
      '`order` is `number` or `metrics.NAME`, with `-` in front the largest first; in the order of a metric come those that have it.',
    query: trialsQuerySchema,
    answers: { 200: { description: 'A page.', schema: trialsPageSchema } },
    problems: ['study_not_found'],
  },
  'POST /v1/studies/{id}/trials': {
    operationId: 'attachTrial',
    tag: 'Trials',
    summary: 'Attach a trial of your own, running unless metrics are given.',
    body: {
      schema: attachBodySchema.describe('Either `weights` or `replicateOf`, the number of a trial.'),
      needed: true,
      example: { weights: { click: 0.5, save: 0.25, follow: 0.25 }, note: 'by hand' },
    },
    once: true,
    answers: { 201: { description: 'The trial.', schema: trialSchema, headers: ['Location'] } },
    problems: ['study_not_found', 'study_archived', 'study_has_log', 'weights_invalid', 'metrics_invalid'],
  },
  'POST /v1/studies/{id}/trials:import': {
    operationId: 'importTrials',
    tag: 'Trials',
    summary: 'Attach many measured trials, one a line.',
    description:
      'Up to 100,000 lines of 64 KB, stored 200 at a time. At a line that is wrong the import ends: `line` of the problem says which it is, `imported` how many trials are stored. Sent again under the same `Idempotency-Key` it goes on after the trials that are stored.',
    lines: {
      schema: importLineSchema.meta({ id: 'ImportLine', description: 'A trial that was measured.' }),
      example: {
        weights: { click: 0.5, save: 0.25, follow: 0.25 },
        metrics: { watch_time: { mean: 9.5, sem: 0.1 }, saves: { mean: 1.1, sem: 0.02 } },
      },
    },
    once: true,
    answers: { 200: { description: 'What was stored.', schema: importedSchema } },
    problems: ['study_not_found', 'study_archived', 'study_has_log', 'weights_invalid', 'metrics_invalid'],
  },
  'GET /v1/studies/{id}/trials:export': {
    operationId: 'exportTrials',
    tag: 'Trials',
    summary: 'All trials by number, as lines.',
    query: exportQuerySchema,
    answers: {
      200: {
        description: 'The trials, in the format that was asked for.',
        headers: ['Content-Disposition'],
        types: {
          'application/x-ndjson': { description: 'A trial a line.', line: trialSchema },
          'text/csv': { description: 'RFC 4180, with a header; a column a weight, three a metric.' },
        },
      },
    },
    problems: ['study_not_found'],
  },
  'GET /v1/studies/{id}/trials:best': {
    operationId: 'bestTrial',
    tag: 'Results',
    summary: 'The best trial, of a study with one objective.',
    answers: { 200: { description: 'The trial as it is stored.', schema: bestTrialSchema } },
    problems: ['study_not_found', 'study_objectives'],
  },
  'GET /v1/studies/{id}/trials:pareto': {
    operationId: 'paretoSet',
    tag: 'Results',
    summary: 'The Pareto set, of a study with several objectives.',
    answers: { 200: { description: 'Its trials as they are stored.', schema: paretoSetSchema } },
    problems: ['study_not_found', 'study_objectives'],
  },
  'GET /v1/studies/{id}/trials/{number}': {
    operationId: 'readTrial',
    tag: 'Trials',
    summary: 'Read a trial.',
    answers: { 200: { description: 'The trial.', schema: trialSchema } },
    problems: ['study_not_found', 'trial_not_found'],
  },
  'GET /v1/studies/{id}/trials/{number}:explain': {
    operationId: 'explainTrial',
    tag: 'Trials',
    summary: 'Why a trial was chosen, what was foretold, and what came of it.',
    answers: { 200: { description: 'The explanation.', schema: trialExplanationSchema } },
    problems: ['study_not_found', 'trial_not_found'],
  },
  'GET /v1/studies/{id}/trials/{number}/notes': {
    operationId: 'listNotes',
    tag: 'Trials',
    summary: 'The notes of a trial, oldest first.',
    answers: { 200: { description: 'The notes.', schema: notesSchema } },
    problems: ['study_not_found', 'trial_not_found'],
  },
  'POST /v1/studies/{id}/trials/{number}/notes': {
    operationId: 'addNote',
    tag: 'Trials',
    summary: 'Write something beside a trial.',
    body: { schema: noteBodySchema, needed: true, example: { text: 'the log of that day is not whole' } },
    once: true,
    answers: { 201: { description: 'The note.', schema: noteSchema } },
    problems: ['study_not_found', 'trial_not_found'],
  },
};
