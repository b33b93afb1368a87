/** An ask of those that are worked on together. */
export interface Asked<Ask, Value> {
  readonly ask: Ask;
  /** To be called before something is stored for the asker, who from then on waits for the answer. False where it has gone. */
  readonly hold: () => boolean;
  /** Undoes `hold` where nothing was stored after all: the asker may go again. */
  readonly release: () => void;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** Settles every ask; what it throws all those are told that it has not settled. */
export type WorkTogether<Ask, Value> = (asked: readonly Asked<Ask, Value>[]) => Promise<void>;

/** Runs work on one study one after another; work on different studies runs side by side. */
export interface StudyQueue {
  <Value>(studyId: string, work: () => Promise<Value>): Promise<Value>;
  /** The asks of one line of a study that wait for their turn are worked on together once the first has it. */
  together<Ask, Value>(
    studyId: string,
    line: string,
    ask: Ask,
    work: WorkTogether<Ask, Value>,
  ): Promise<Value>;
}

export function createStudyQueue(): StudyQueue {
  const tails = new Map<string, Promise<unknown>>();
  const lines = new Map<string, unknown[]>();
  const inTurn = async <Value>(studyId: string, work: () => Promise<Value>): Promise<Value> => {
    const turn = (tails.get(studyId) ?? Promise.resolve()).then(work, work);
    tails.set(studyId, turn);
    try {
      return await turn;
    } finally {
      if (tails.get(studyId) === turn) tails.delete(studyId);
    }
  };
  const together = <Ask, Value>(
    studyId: string,
    line: string,
    ask: Ask,
    work: WorkTogether<Ask, Value>,
  ): Promise<Value> =>
    new Promise((resolve, reject) => {
      const asked: Asked<Ask, Value> = { ask, hold: () => true, release: () => undefined, resolve, reject };
      const key = JSON.stringify([studyId, line]);
      const waiting = lines.get(key);
      if (waiting !== undefined) {
        waiting.push(asked);
        return;
      }
      const all = [asked];
      lines.set(key, all);
      inTurn(studyId, () => {
        lines.delete(key);
        return work(all);
      }).catch((error: unknown) => {
        for (const each of all) each.reject(error);
      });
    });
  return Object.assign(inTurn, { together });
}
