import { Worker } from 'node:worker_threads';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import type { CurveKind } from '../../src/evaluator/pooled/curve-sums.ts';
import { labelCodes } from '../../src/evaluator/pooled/label-codes.ts';
import {
  curveValues,
  type PassWorker,
  stepsOf,
  type PooledPass,
  preparePass,
} from '../../src/evaluator/pooled/pooled-pass.ts';
import { createPooledScratch } from '../../src/evaluator/pooled/pooled-scratch.ts';
import { selectRows } from '../../src/evaluator/selection.ts';
import { writeUtility } from '../../src/evaluator/utility.ts';
import { meet, meetingPoint } from './meet.ts';

/** What the threads of a team share. */
export interface TeamTask {
  readonly log: EngagementLog;
  readonly pass: PooledPass;
  readonly weights: Float64Array;
  readonly point: Int32Array;
  /** Not 0 when the team is to end. */
  readonly ended: Int32Array;
}

export interface Team {
  /** One pooled metric of every head. */
  readonly evaluate: (weights: Float64Array) => readonly (number | undefined)[];
  readonly close: () => Promise<void>;
}

const MEMBERS = 2;

/** Two threads, of which the calling one is the first, share each pooled pass over a log. */
export async function openTeam(log: EngagementLog, kind: CurveKind): Promise<Team> {
  const { rows } = createPooledScratch(shared(8 * log.rows), shared(4 * log.rows), shared(0));
  const selections = log.heads.map(({ label }) => selectRows(log.requestOffsets, label));
  const curves = selections.map((_, selection) => ({ kind, selection }));
  const utility = new Float64Array(shared(8 * log.rows));
  const task: TeamTask = {
    log,
    pass: preparePass(labelCodes(selections, log.rows), curves, utility, rows, { shares: MEMBERS }),
    weights: new Float64Array(shared(8 * log.heads.length)),
    point: meetingPoint(),
    ended: new Int32Array(shared(4)),
  };
  const worker = new Worker(new URL('./team-member.js', import.meta.url), { workerData: task });
  const gone = new Promise<void>((resolve, reject) => {
    worker.once('exit', () => resolve());
    worker.once('error', reject);
  });
  await new Promise((resolve) => worker.once('online', resolve));
  const kept: PassWorker = { work: undefined, table: undefined };
  return {
    evaluate: (weights) => {
      task.weights.set(weights);
      meet(task.point, MEMBERS);
      runShare(task, 0, kept);
      return curveValues(task.pass);
    },
    close: async () => {
      Atomics.store(task.ended, 0, 1);
      meet(task.point, MEMBERS);
      await gone;
    },
  };
}

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}

/** One member's part of a pass; every step waits for all members. */
export function runShare({ log, pass, weights, point }: TeamTask, share: number, kept: PassWorker): void {
  const from = Math.floor((log.rows * share) / MEMBERS);
  const to = Math.floor((log.rows * (share + 1)) / MEMBERS);
  writeUtility(log, { weights }, pass.utility, from, to);
  meet(point, MEMBERS);
  for (const step of stepsOf(pass)) {
    step(pass, { share, shares: MEMBERS }, kept);
    meet(point, MEMBERS);
  }
}

/** The life of the second member. */
export function serve(task: TeamTask): void {
  const kept: PassWorker = { work: undefined, table: undefined };
  for (;;) {
    meet(task.point, MEMBERS);
    if (Atomics.load(task.ended, 0) !== 0) return;
    runShare(task, 1, kept);
  }
}
