/** The other side of `runJobs`: answers one job after another, until the caller has no more, then ends what it opened. */
export function answerJobs<Job, Answer>(
  answer: (job: Job) => Promise<Answer>,
  end: () => void = () => undefined,
): void {
  process.on('message', async (job) => process.send!(await answer(job as Job)));
  process.once('disconnect', end);
}
