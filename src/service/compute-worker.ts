// What the threads of the pool can do: evaluations of the log, models of studies, models of experiments.
export * from './evaluation-tasks.ts';
export * from './online-tasks.ts';
export * from './study-tasks.ts';
