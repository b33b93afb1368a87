/** Places that are taken in the order in which they were asked for. */
export interface Turns {
  waiting(): number;
  taken(): number;
  /** A place, once there is one; returns how to leave it. Rejected by the signal's reason where that comes first. */
  take(giveUp: AbortSignal): Promise<() => void>;
}

export function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) taken--;
    else next();
  };
  return {
    waiting: () => waiting.length,
    taken: () => taken,
    take(giveUp) {
      if (giveUp.aborted) return Promise.reject(giveUp.reason as Error);
      if (taken < most) {
        taken++;
        return Promise.resolve(leave);
      }
      return new Promise((resolve, reject) => {
        const mine = (): void => {
          giveUp.removeEventListener('abort', goAway);
          resolve(leave);
        };
        const goAway = (): void => {
          waiting.splice(waiting.indexOf(mine), 1);
          reject(giveUp.reason as Error);
        };
        waiting.push(mine);
        giveUp.addEventListener('abort', goAway, { once: true });
      });
    },
  };
}
