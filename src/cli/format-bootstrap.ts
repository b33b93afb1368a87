import type { SweepResult } from '../service/sweep.ts';
import { unitOf } from './format-errors.ts';
import { formatNumber } from './format-number.ts';
import { textTable } from './text-table.ts';

/** The intervals of the bootstrap for the best trial, metrics in the given order before others; nothing where none was asked for. */
export function formatBootstrap(
  { bootstrap, log }: SweepResult,
  order: readonly string[],
  width: number,
): readonly string[] {
  if (bootstrap === undefined) return [];
  const { trial, replicates, level, metrics } = bootstrap;
  const unit = unitOf(log);
  const interval = `${Math.round(100 * level)} % interval`;
  const names = new Set([...order, ...Object.keys(metrics)].filter((name) => metrics[name] !== undefined));
  const table = textTable(
    [
      { title: `trial ${trial}`, align: 'left' },
      { title: interval, align: 'right' },
      { title: `${interval} of the change`, align: 'right' },
    ],
    [...names].map((name) => {
      const { value, change } = metrics[name]!;
      return [name, between(value.interval), change === null ? '-' : between(change.interval)];
    }),
    width,
  );
  return [`Bootstrap by ${unit}, ${replicates} replicates:`, table];
}

function between([low, high]: readonly [number, number]): string {
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}
