import { parentPort, workerData } from 'node:worker_threads';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { assist } from '../../src/evaluator/team/team.ts';
import type { TeamTask } from './team.ts';

const log = workerData as EngagementLog;
const kept = { work: undefined, table: undefined };
const share = { share: 1, shares: 2 };

parentPort!.on('message', ({ point, port }: TeamTask) => {
  assist(log, point, port, share, kept);
  port.close();
});
