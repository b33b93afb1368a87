import { workerData } from 'node:worker_threads';
import { serve, type TeamTask } from './team.ts';

serve(workerData as TeamTask);
