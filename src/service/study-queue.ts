/** Runs work on one study one after another; work on different studies runs side by side. */
export type StudyQueue = <Value>(studyId: string, work: () => Promise<Value>) => Promise<Value>;

export function createStudyQueue(): StudyQueue {
  const tails = new Map<string, Promise<unknown>>();
  return async (studyId, work) => {
    const turn = (tails.get(studyId) ?? Promise.resolve()).then(work, work);
    tails.set(studyId, turn);
    try {
      return await turn;
    } finally {
      if (tails.get(studyId) === turn) tails.delete(studyId);
    }
  };
}
