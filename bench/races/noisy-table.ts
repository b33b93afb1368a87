import { textTable } from '../../src/cli/text-table.ts';
import { formatGap } from './gap-summary.ts';
import { NOISE_SHARE } from './noise.ts';
import type { NoisyRace } from './noisy-race.ts';
import { medianTrueGap, unnamedShare, violatedShare } from './noisy-summary.ts';

/**
 * Median true gap, and the shares of runs whose named trial violates or that name none, of races with batches of one size;
 * after every second batch and the last.
 */
export function noisyTable(races: readonly NoisyRace[]): string {
  const { batch, runs } = races[0]!;
  const batches = runs[0]!.length;
  const shown = Array.from({ length: batches }, (_, i) => i).filter((i) => i % 2 === 1 || i === batches - 1);
  return textTable(
    [
      { title: `trial named as best, noise of ${100 * NOISE_SHARE} %, batches of ${batch}`, align: 'left' },
      { title: 'method', align: 'left' },
      { title: 'after', align: 'left' },
      ...shown.map((i) => ({ title: String((i + 1) * batch), align: 'right' as const })),
    ],
    races.flatMap((race) => [
      [
        race.problem.name,
        race.method,
        'median true gap',
        ...shown.map((i) => formatGap(medianTrueGap(race, i))),
      ],
      ['', '', 'truly violates', ...shown.map((i) => percent(violatedShare(race, i)))],
      ['', '', 'names none', ...shown.map((i) => percent(unnamedShare(race, i)))],
    ]),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
