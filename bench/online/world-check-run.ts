import { answerJobs } from '../answer-jobs.ts';
import { checkWorld, type WorldCheck, type WorldJob } from './world-check.ts';

answerJobs<WorldJob, WorldCheck>((job) => Promise.resolve(checkWorld(job)));
