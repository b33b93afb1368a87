import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a script in a process of its own; its first message is the answer. Throws where it ends without one. */
export async function runChild<Answer>(
  script: URL,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<Answer> {
  const child = fork(fileURLToPath(script), args, { execArgv: [...execArgv] });
  return new Promise<Answer>((resolve, reject) => {
    let answer: Answer | undefined;
    child.once('message', (message) => (answer = message as Answer));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0 && answer !== undefined) resolve(answer);
      else reject(new Error(`${script.href} ended with code ${code}`));
    });
  });
}
