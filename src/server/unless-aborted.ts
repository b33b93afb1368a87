/**
 * What the work ends with, or the signal's reason where it comes first and the work may still be given up. Nothing of it is held by the
 * signal once it has ended.
 */
export function unlessAborted<Value>(
  signal: AbortSignal,
  work: Promise<Value>,
  mayEnd: () => boolean = () => true,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      if (mayEnd()) reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    // A signal tells of its end once, and it may have come before the wait.
    if (signal.aborted) giveUp();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
