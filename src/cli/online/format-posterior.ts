import type { OnlineDefinition } from '../../domain/online.ts';
import type { AnalysedExperiment } from '../../service/analyse-experiment.ts';
import { formatPercent } from '../format-number.ts';
import { type Column, textTable, wrapWords } from '../text-table.ts';

type Posterior = NonNullable<AnalysedExperiment['posterior']>;

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** What the joint posterior of log and rounds says of every arm, and what the log is worth. */
export function formatPosterior(
  { arms, metrics, shipment }: Posterior,
  online: OnlineDefinition,
  width: number,
): string {
  const names = Object.keys(online.metrics).filter((metric) =>
    arms.some(({ lifts }) => lifts[metric] !== undefined),
  );
  const table = textTable(
    [LEFT('log and rounds'), ...names.map(RIGHT), ...['P(better)', 'P(kept)', 'P(best)'].map(RIGHT)],
    arms.map(({ arm, lifts, better, feasible, best }) => [
      arm,
      ...names.map((metric) => {
        const lift = lifts[metric];
        return lift === undefined ? '-' : `${formatPercent(lift.mean)} ± ${(100 * lift.stddev).toFixed(2)}`;
      }),
      ...[better, feasible, best].map(probability),
    ]),
    width,
  );
  const legend =
    'Lifts over the baseline, posterior mean ± standard deviation in per cent; P(kept): all guardrails are kept; P(best): the best of those that keep them.';
  const ship =
    shipment === null
      ? 'By this no arm would be shipped now.'
      : `By this ${shipment.arm} would be shipped now: ${formatPercent(shipment.expectedLift)} of ${online.objective.metric}, guardrails kept with probability ${probability(shipment.probabilityMet)}.`;
  return [table, wrapWords(`${legend} ${ship}`, width).join('\n'), transferTable(metrics, width)].join(
    '\n\n',
  );
}

/** How far the log is trusted, metric by metric. */
export function transferTable(metrics: Posterior['metrics'], width: number): string {
  return textTable(
    [LEFT('metric'), LEFT("the log's"), RIGHT('rho'), RIGHT('95 % interval'), LEFT('')],
    metrics.map(({ metric, offline, correlation, reason }) => [
      metric,
      offline ?? '-',
      ...(correlation === null
        ? ['-', '-']
        : [
            correlation.mean.toFixed(2),
            `${correlation.lower.toFixed(2)} to ${correlation.upper.toFixed(2)}`,
          ]),
      reason,
    ]),
    width,
  );
}

/** Two digits, and never a certainty that rounding made. */
export function probability(value: number): string {
  if (value > 0 && value < 0.005) return '<0.01';
  if (value >= 0.995 && value < 1) return '>0.99';
  return value.toFixed(2);
}
