import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { LogMetric } from '../../src/domain/metric.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import type { EvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { type MeetingPoint, meetingPoint } from '../../src/evaluator/team/meeting-point.ts';
import { lead } from '../../src/evaluator/team/team.ts';

/** What the second thread is told of each evaluation. */
export interface TeamTask {
  readonly point: MeetingPoint;
  readonly port: MessagePort;
}

export interface Pair {
  readonly evaluate: (weights: Float64Array, scratch: EvaluationScratch) => readonly number[];
  readonly close: () => Promise<unknown>;
}

/** Two threads, of which the calling one is the first, evaluate together as those of a sweep do. */
export async function openPair(log: EngagementLog, metrics: readonly LogMetric[]): Promise<Pair> {
  const worker = new Worker(new URL('./team-member.js', import.meta.url), { workerData: log });
  await new Promise((resolve) => worker.once('online', resolve));
  return {
    evaluate: (weights, scratch) => {
      const point = meetingPoint();
      const { port1, port2 } = new MessageChannel();
      const task: TeamTask = { point, port: port2 };
      worker.postMessage(task, [port2]);
      const values = lead(log, point, [port1], scratch.pooled, (team) =>
        evaluate(log, { weights }, metrics, scratch, undefined, team),
      );
      return Object.values(values);
    },
    close: () => worker.terminate(),
  };
}
