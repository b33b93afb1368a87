import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Optuna's own advice for GPSampler: else the threads of numpy and of torch compete. Our engine has one thread, too. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

const SCRIPT = fileURLToPath(new URL('../../../bench/peers/optuna_peer.py', import.meta.url));

const suggestionSchema = z.strictObject({ parameters: z.array(z.number()), seconds: z.number() });

/** What a trial measured: the objective as "minimise", and constraints that c ≤ 0 meets. */
export interface Outcome {
  readonly value: number;
  readonly constraints: readonly number[];
}

/** Parameters in the unit cube, and how long the choice took. */
export type Suggestion = z.output<typeof suggestionSchema>;

/** Optuna in a Python process, one study at a time. */
export interface OptunaProcess {
  readonly begin: (dimension: number, seed: number) => void;
  readonly add: (parameters: readonly number[], outcome: Outcome) => void;
  readonly ask: () => Promise<Suggestion>;
  readonly tell: (outcome: Outcome) => void;
  readonly end: () => Promise<void>;
}

export function openOptuna(python: string): OptunaProcess {
  const child = spawn(python, [SCRIPT], {
    env: { ...process.env, ...ONE_THREAD },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  // A process that has ended no longer reads: `ask` says so, when its lines end.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (request: object): void => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
  };
  return {
    begin: (dimension, seed) => send({ study: { dimension, seed } }),
    add: (parameters, outcome) => send({ add: { parameters, ...outcome } }),
    ask: async () => {
      send({ ask: {} });
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the Python process of Optuna has ended');
      return suggestionSchema.parse(JSON.parse(value));
    },
    tell: (outcome) => send({ tell: outcome }),
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
