import type { StudyProblem } from './objective-rules.ts';
import type { StudyDefinition } from './study.ts';

/** `negativeKeepRate` belongs to the calibration `beta`, and no other. */
export function* calibrationProblems({
  heads = {},
}: Pick<StudyDefinition, 'heads'>): Generator<StudyProblem> {
  for (const [name, { calibration, negativeKeepRate }] of Object.entries(heads)) {
    if (calibration === undefined) continue;
    const isGiven = negativeKeepRate < 1;
    if (calibration === 'beta' && !isGiven) {
      yield {
        path: ['heads', name, 'calibration'],
        message: 'is "beta", which undoes a downsampling of negatives: expected negativeKeepRate, below 1',
      };
    }
    if (calibration !== 'beta' && isGiven) {
      yield {
        path: ['heads', name, 'calibration'],
        message: `is "${calibration}", which takes no negativeKeepRate: expected beta, or no negativeKeepRate`,
      };
    }
  }
}
