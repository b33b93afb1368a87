import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs jobs in processes of a script that calls `answerJobs`; each takes the next job when it has answered one. `onAnswer` is
 * told of each answer as it comes.
 *
 * Throws where a process ends before its answer.
 */
export async function runJobs<Job, Answer>(
  script: URL,
  jobs: readonly Job[],
  processes: number,
  onAnswer: (job: Job, answer: Answer) => void,
): Promise<void> {
  const waiting = jobs.values();
  const count = Math.min(processes, jobs.length);
  await Promise.all(Array.from({ length: count }, () => workThrough(script, waiting, onAnswer)));
}

function workThrough<Job, Answer>(
  script: URL,
  waiting: ArrayIterator<Job>,
  onAnswer: (job: Job, answer: Answer) => void,
): Promise<void> {
  // Structured cloning, as JSON would make null of a gap that does not exist.
  const child = fork(fileURLToPath(script), { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    let current = waiting.next();
    const send = (): void => {
      if (current.done === true) child.disconnect();
      else child.send(current.value as object);
    };
    child.on('message', (answer) => {
      onAnswer(current.value as Job, answer as Answer);
      current = waiting.next();
      send();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0 && current.done === true) resolve();
      else reject(new Error(`${script.href} ended with code ${code} before its answer`));
    });
    send();
  });
}
