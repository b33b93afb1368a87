import { medianGap } from './gap-summary.ts';
import { axCurve, fourWeights } from '../problems/four-weights.ts';
import { gardner2 } from '../problems/gardner2.ts';
import { gramacy } from '../problems/gramacy.ts';
import { hartmann6Ball } from '../problems/hartmann6-ball.ts';
import { townsend } from '../problems/townsend.ts';

/** The median gap of another engine as it was measured once, by count of candidates. */
export interface StoredMedians {
  readonly problem: string;
  readonly engine: 'Optuna' | 'Ax';
  readonly medians: ReadonlyMap<number, number>;
}

/** Optuna's GPSampler after 20, 30 and 50 evaluations. */
const OPTUNA: readonly (readonly [string, number, number, number])[] = [
  [gramacy.name, 4e-4, 2e-5, 2e-5],
  [gardner2.name, 0.021, 5e-5, 2e-5],
  [townsend.name, 0.41, 0.35, 2.9e-3],
  [hartmann6Ball.name, 0.73, 0.31, 3e-4],
];

/** The runs of Ax by candidate, from `test/golden/ax-curve.json`. */
const axCurves = axCurve.ax.runs.map(({ gap_by_trial }) => gap_by_trial.map((gap) => gap ?? undefined));

/** Of Optuna, where it need not be run to be compared with, and of Ax, which cannot always be installed. */
export const STORED_MEDIANS: readonly StoredMedians[] = [
  ...OPTUNA.map(([problem, at20, at30, at50]): StoredMedians => {
    return {
      problem,
      engine: 'Optuna',
      medians: new Map([
        [20, at20],
        [30, at30],
        [50, at50],
      ]),
    };
  }),
  { problem: fourWeights.name, engine: 'Ax', medians: axMedians() },
];

function axMedians(): ReadonlyMap<number, number> {
  const longest = Math.min(...axCurves.map(({ length }) => length));
  const counts = Array.from({ length: longest }, (_, i) => i + 1);
  return new Map(
    counts.flatMap((count) => {
      const gap = medianGap(axCurves, count);
      return gap === undefined ? [] : [[count, gap] as const];
    }),
  );
}
