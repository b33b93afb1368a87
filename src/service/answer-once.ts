import {
  answerKey,
  findKey,
  forgetKeysBefore,
  type IdempotencyKey,
  releaseKey,
  type StoredAnswer,
  takeKey,
} from '../../store/idempotency-keys.ts';
import { inTransaction, type Store } from '../../store/open.ts';
import { DomainError } from '../domain/errors.ts';
import type { ProcessInstance } from './process-instance.ts';
import { millisecondsOf, type ServiceContext, type WriteContext } from './service-context.ts';

export type { StoredAnswer } from '../../store/idempotency-keys.ts';

/** How long an answer is kept, from the time at which its request came. */
const KEPT_MS = 24 * 3600 * 1000;

/** A request under the key that its client gave it; hashes, SHA-256. */
export type KeyedRequest = Omit<IdempotencyKey, 'owner'>;

export interface AnsweredOnce {
  readonly answer: StoredAnswer;
  /** Whether the answer is that of an earlier request. */
  readonly replayed: boolean;
}

/**
 * Runs a use case once for a key of the actor: the same request again gets the stored answer.
 *
 * The answer is stored in the transaction of what the use case stores, so there is never one without the other, whenever the
 * process ends. What a use case refuses stores nothing, and may be tried again under the same key. A key that a process
 * left without an answer when it ended is run anew; should that process still work, it can no longer store anything.
 *
 * Throws `idempotency_mismatch` for the key of another request, `idempotency_in_flight` while the first is not answered,
 * and what the use case throws.
 */
export async function answerOnce<Result>(
  context: ServiceContext & { readonly instance: ProcessInstance },
  request: KeyedRequest,
  run: (context: WriteContext<Result>) => Promise<Result>,
  answerOf: (result: Result) => StoredAnswer,
): Promise<AnsweredOnce> {
  const { store, actor, clock, instance } = context;
  const key = { owner: actor, ...request };
  const working = workingName(key);
  // Its own work keeps the key from this instance too, whoever has taken it meanwhile: of two runs of one instance each
  // could store under it, and the first to give up would release what the other is to be answered under.
  const mayTake = !instance.working.has(working);
  if (mayTake) instance.working.add(working);
  try {
    const known = await inTransaction(store, (transaction) =>
      claim(transaction, key, instance, mayTake, millisecondsOf(clock())),
    );
    if (known !== null) return { answer: known, replayed: true };
    return { answer: await runClaimed(context, key, run, answerOf), replayed: false };
  } finally {
    if (mayTake) instance.working.delete(working);
  }
}

/** Whether a key of the actor has an answer, of whatever request. */
export async function isAnswered(
  { store, actor }: Pick<ServiceContext, 'store' | 'actor'>,
  keyHash: string,
): Promise<boolean> {
  const known = await findKey(store, { owner: actor, keyHash });
  return known !== undefined && known.answer !== null;
}

/** The answer of a key that has one; null where the key is now this instance's, which it becomes only where it may. */
async function claim(
  transaction: Store,
  key: IdempotencyKey,
  instance: ProcessInstance,
  mayTake: boolean,
  now: number,
): Promise<StoredAnswer | null> {
  await forgetKeysBefore(transaction, now - KEPT_MS);
  const known = await findKey(transaction, key);
  if (known !== undefined && known.requestHash !== key.requestHash) {
    throw new DomainError(
      'idempotency_mismatch',
      'the Idempotency-Key was used for another request: expected the same method, path, query and body, or a new key',
    );
  }
  if (known !== undefined && known.answer !== null) return known.answer;
  if (!mayTake || (known !== undefined && isOfAnother(known.instance!, instance))) throw inFlight();
  await takeKey(transaction, key, instance.id, now);
  return null;
}

/** Whether another instance has it that may still work. */
function isOfAnother(id: string, instance: ProcessInstance): boolean {
  return id !== instance.id && instance.isAlive(id);
}

/** Runs the use case under the key that is now this instance's, and stores its answer with what it stores. */
async function runClaimed<Result>(
  context: ServiceContext & { readonly instance: ProcessInstance },
  key: IdempotencyKey,
  run: (context: WriteContext<Result>) => Promise<Result>,
  answerOf: (result: Result) => StoredAnswer,
): Promise<StoredAnswer> {
  const { store, instance } = context;
  try {
    let stored: StoredAnswer | undefined;
    const onStored = async (transaction: Store, result: Result): Promise<void> => {
      const answer = answerOf(result);
      if (!(await answerKey(transaction, key, instance.id, answer))) throw inFlight();
      stored = answer;
    };
    const result = await run({ ...context, onStored });
    if (stored === undefined) await onStored(store, result);
    return stored!;
  } catch (error) {
    await releaseKey(store, key, instance.id);
    throw error;
  }
}

function workingName({ owner, keyHash }: IdempotencyKey): string {
  return JSON.stringify([owner, keyHash]);
}

function inFlight(): DomainError {
  return new DomainError(
    'idempotency_in_flight',
    'the request of this Idempotency-Key is not answered yet: expected the same request a little later',
  );
}
