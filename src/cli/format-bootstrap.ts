import type { SweepResult } from '../service/sweep.ts';
import { unitOf } from './format-errors.ts';
import { formatNumber } from './format-number.ts';
import { textTable } from './text-table.ts';

/** The intervals of the bootstrap for the best trial; nothing where none was asked for. */
export function formatBootstrap({ bootstrap, log }: SweepResult, width: number): readonly string[] {
  if (bootstrap === undefined) return [];
  const { trial, replicates, level, metrics } = bootstrap;
  const unit = unitOf(log);
  const interval = `${Math.round(100 * level)} % interval`;
  const table = textTable(
    [
      { title: `trial ${trial}`, align: 'left' },
      { title: interval, align: 'right' },
      { title: `${interval} of the change`, align: 'right' },
    ],
    Object.entries(metrics).map(([name, { value, change }]) => [
      name,
      between(value.interval),
      change === null ? '-' : between(change.interval),
    ]),
    width,
  );
  return [`Bootstrap by ${unit}, ${replicates} replicates:`, table];
}

function between([low, high]: readonly [number, number]): string {
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}
