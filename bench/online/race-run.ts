import { answerJobs } from '../answer-jobs.ts';
import { race, type RaceAnswer } from './race.ts';
import type { WorldJob } from './world-check.ts';

answerJobs<WorldJob, RaceAnswer>((job) => Promise.resolve(race(job)));
