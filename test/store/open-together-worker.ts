import { workerData } from 'node:worker_threads';
import { openStore } from '../../store/open.ts';

/** Opens each database at the moment when all other workers do. */
const { files, gate, workers } = workerData as {
  readonly files: readonly string[];
  readonly gate: Int32Array;
  readonly workers: number;
};
const problems: string[] = [];
for (const [turn, file] of files.entries()) {
  Atomics.add(gate, 0, 1);
  while (Atomics.load(gate, 0) < workers * (turn + 1));
  try {
    await (await openStore(file)).destroy();
  } catch (error) {
    problems.push(String(error));
  }
}
process.stdout.write(problems.join('\n'));
