import { type ExactRace, gapCurves } from './exact-race.ts';
import { formatGap, medianGap } from './gap-summary.ts';
import type { NoisyRace } from './noisy-race.ts';
import { medianTrueGap, violatedShare } from './noisy-summary.ts';

/** The end of a race in a line, for those who wait for the tables. */
export function exactLine(race: ExactRace, trials: number): string {
  const gaps = [...race.bests.keys()].map(
    (method) => `${method} ${formatGap(medianGap(gapCurves(race, method), trials))}`,
  );
  return `${race.problem.name}, median gap after ${trials}: ${gaps.join(', ')}`;
}

export function noisyLine(race: NoisyRace): string {
  const last = race.runs[0]!.length - 1;
  const trials = race.batch * race.runs[0]!.length;
  const gap = formatGap(medianTrueGap(race, last));
  const violated = (100 * violatedShare(race, last)).toFixed(0);
  return `${race.problem.name} with noise, ${race.method}, after ${trials} in batches of ${race.batch}: median true gap ${gap}, ${violated} % violate`;
}
