import type { StudyProblem } from './objective-rules.ts';
import type { StudyDefinition } from './study.ts';

/** A hold-out needs a log, and the column that it is drawn by. */
export function* holdoutProblems({
  holdout,
  log,
}: Pick<StudyDefinition, 'holdout' | 'log'>): Generator<StudyProblem> {
  if (holdout === undefined) return;
  if (log === undefined) {
    yield { path: ['holdout'], message: 'is a part of a log: add log: {path, request}' };
  } else if (holdout.by === 'user' && log.user === undefined) {
    yield { path: ['holdout', 'by'], message: 'is user: add user: COLUMN under log, or hold out by request' };
  } else if (holdout.by === 'time' && log.timestamp === undefined) {
    yield {
      path: ['holdout', 'by'],
      message: 'is time: add timestamp: COLUMN under log, or hold out by request',
    };
  }
}
