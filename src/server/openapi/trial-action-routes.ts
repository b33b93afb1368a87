import type { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.ts';
import { trialSchema } from '../answers.ts';
import {
  completeBodySchema,
  correctBodySchema,
  emptyBodySchema,
  heartbeatBodySchema,
  reasonBodySchema,
  voidBodySchema,
} from '../resources.ts';
import type { RouteDescription, RouteTable } from './route-description.ts';

/** What becomes of one trial, under a verb each. */
export const TRIAL_ACTION_ROUTES: RouteTable = {
  'POST /v1/studies/{id}/trials/{number}:complete': action('completeTrial', {
    summary: 'Say what was measured.',
    description: 'Every metric of the study is needed; null says that one was not measured.',
    schema: completeBodySchema,
    needed: true,
    example: { metrics: { watch_time: { mean: 9.5, sem: 0.1 }, saves: 1.1 } },
    problems: ['metrics_invalid', 'baseline_invalid'],
  }),
  'POST /v1/studies/{id}/trials/{number}:fail': action('failTrial', {
    summary: 'The evaluation broke: uses the budget, and its weights are not proposed again.',
    schema: reasonBodySchema,
    example: { reason: 'the job was killed' },
  }),
  'POST /v1/studies/{id}/trials/{number}:infeasible': action('infeasibleTrial', {
    summary: 'These weights cannot be evaluated: uses the budget, and they are not proposed again.',
    schema: reasonBodySchema,
    example: { reason: 'the page has no room for them' },
  }),
  'POST /v1/studies/{id}/trials/{number}:abandon': action('abandonTrial', {
    summary: 'Nobody will measure it: as if it had never been.',
    schema: emptyBodySchema,
    example: {},
  }),
  'POST /v1/studies/{id}/trials/{number}:heartbeat': action('heartbeat', {
    summary: 'Extend the lease of a running trial.',
    schema: heartbeatBodySchema,
    example: { clientId: 'worker-1', leaseSeconds: 600 },
    problems: ['lease_lost'],
  }),
  'POST /v1/studies/{id}/trials/{number}:void': action('voidTrial', {
    summary: 'The result, or the failure, is not to count.',
    schema: voidBodySchema,
    needed: true,
    example: { reason: 'measured while the log was broken' },
  }),
  'POST /v1/studies/{id}/trials/{number}:correct': action('correctTrial', {
    summary: 'The result was wrong and is known now; the event log keeps both.',
    schema: correctBodySchema,
    needed: true,
    example: { metrics: { watch_time: 9.4, saves: 1.1 }, reason: 'counted twice' },
    problems: ['metrics_invalid', 'baseline_invalid'],
  }),
};

interface Action extends Pick<RouteDescription, 'summary' | 'description'> {
  readonly schema: z.ZodType;
  readonly needed?: boolean;
  readonly example: unknown;
  readonly problems?: readonly ErrorCode[];
}

function action(
  operationId: string,
  { schema, needed = false, example, problems = [], ...said }: Action,
): RouteDescription {
  return {
    operationId,
    tag: 'Trials',
    ...said,
    body: { schema, needed, example },
    once: true,
    answers: { 200: { description: 'The trial as it is now.', schema: trialSchema } },
    problems: ['study_not_found', 'trial_not_found', 'trial_state', 'study_has_log', ...problems],
  };
}
