import type { LogProcess, StartLogProcess } from './log-process.ts';

/** A process of a log that answers what it is asked. */
export interface AskedProcess<Order, Answer> {
  /** One thing at a time. Rejected by what ended the process. */
  readonly ask: (order: Order) => Promise<Answer>;
  /** Kills it, and rejects what was asked. */
  readonly end: (reason: Error) => void;
  /** When nothing of it is left. */
  readonly ended: Promise<void>;
}

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a process that is killed once the signal is aborted; `brokenDown` says what one that ends by itself is told by. */
export function askProcess<Order, Answer>(
  start: StartLogProcess<Order, Answer>,
  giveUp: AbortSignal,
  brokenDown: (how: string, stderr: string) => Error,
): AskedProcess<Order, Answer> {
  let pending: Pending<Answer> | undefined;
  let over: Error | undefined;
  const process: LogProcess<Order> = start((answer) => {
    pending?.resolve(answer);
    pending = undefined;
  });
  const end = (error: Error): void => {
    over ??= error;
    pending?.reject(over);
    pending = undefined;
    process.kill();
  };
  const lastWords = async (): Promise<void> => {
    const { how, stderr } = await process.exited;
    giveUp.removeEventListener('abort', onGivenUp);
    if (over === undefined) end(brokenDown(how, stderr));
  };
  const onGivenUp = (): void => end(giveUp.reason as Error);
  giveUp.addEventListener('abort', onGivenUp, { once: true });
  if (giveUp.aborted) onGivenUp();
  return {
    ask(order) {
      if (over !== undefined) return Promise.reject(over);
      if (pending !== undefined) return Promise.reject(new RangeError('asked before the last answer'));
      return new Promise((resolve, reject) => {
        pending = { resolve, reject };
        process.tell(order);
      });
    },
    end,
    ended: lastWords(),
  };
}
