import type { Request, Router } from 'express';
import type { z } from 'zod';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { parseWith } from '../domain/schema.ts';
import { completeTrial } from '../service/complete-trial.ts';
import { correctTrial } from '../service/correct-trial.ts';
import { endTrialWith } from '../service/end-trial.ts';
import { extendLease } from '../service/heartbeat.ts';
import type { StoredTrial } from '../service/read-history.ts';
import type { WriteContext } from '../service/service-context.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { post, type ServerContext } from './post.ts';
import {
  completeBodySchema,
  correctBodySchema,
  emptyBodySchema,
  heartbeatBodySchema,
  reasonBodySchema,
  trialNumberSchema,
  trialResource,
  voidBodySchema,
} from './resources.ts';

export interface TrialParams {
  readonly id: string;
  readonly number: string;
}

/** What is done with one trial, under its verb: `POST …/trials/{n}:complete`. */
export function addTrialActions(router: Router, context: ServerContext): void {
  const action = <Schema extends z.ZodType>(
    verb: string,
    schema: Schema,
    run: (
      context: WriteContext<StoredTrial>,
      id: string,
      number: number,
      body: z.output<Schema>,
    ) => Promise<StoredTrial>,
    code: ErrorCode = 'request_invalid',
  ): void => {
    const handler = post<TrialParams, StoredTrial>(
      context,
      (writing, { params, body }) =>
        run(writing, params.id, trialNumber(params.number), parseWith(schema, body ?? {}, code)),
      (trial) => ({ body: trialResource(trial) }),
    );
    router.route(`/:id/trials/:number\\:${verb}`).post(handler).all(methodNotAllowed('POST'));
  };
  action(
    'complete',
    completeBodySchema,
    (writing, id, number, { metrics }) => completeTrial(writing, id, number, metrics),
    'metrics_invalid',
  );
  action('fail', reasonBodySchema, (writing, id, number, { reason = null }) =>
    endTrialWith(writing, id, number, 'fail', reason),
  );
  action('infeasible', reasonBodySchema, (writing, id, number, { reason = null }) =>
    endTrialWith(writing, id, number, 'infeasible', reason),
  );
  action('abandon', emptyBodySchema, (writing, id, number) =>
    endTrialWith(writing, id, number, 'abandon', null),
  );
  action('void', voidBodySchema, (writing, id, number, { reason }) =>
    endTrialWith(writing, id, number, 'void', reason),
  );
  action('heartbeat', heartbeatBodySchema, extendLease);
  action('correct', correctBodySchema, (writing, id, number, { metrics, reason }) =>
    correctTrial(writing, id, number, metrics, reason),
  );
}

/** The number of the trial in the path of a request, or `trial_not_found`. */
export function trialNumberOf({ params }: Pick<Request<TrialParams>, 'params'>): number {
  return trialNumber(params.number);
}

function trialNumber(text: string): number {
  const parsed = trialNumberSchema.safeParse(text);
  if (!/^(0|[1-9]\d*)$/.test(text) || !parsed.success) {
    throw new DomainError('trial_not_found', `"${text.slice(0, 20)}" is not the number of a trial`);
  }
  return parsed.data;
}
