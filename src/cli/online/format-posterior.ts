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
    [LEFT('arm'), ...names.map(RIGHT), ...['P(better)', 'P(kept)', 'P(best)'].map(RIGHT)],
    arms.map(({ arm, lifts, better, feasible, best }) => [
      arm,
      ...names.map((metric) => {
        const lift = lifts[metric];
        return lift === undefined ? '-' : `${withoutSign(lift.mean)} ± ${(100 * lift.stddev).toFixed(2)}`;
      }),
      ...[better, feasible, best].map(probability),
    ]),
    width,
  );
  const legend =
    'P(kept): all guardrails are kept; P(best): the best of those that keep them. Both are by draws of the posterior.';
  const ship =
    shipment === null
      ? 'By this no arm would be shipped now.'
      : `By this ${shipment.arm} would be shipped now: ${formatPercent(shipment.expectedLift)} ${objectiveGain(online)}, guardrails kept with probability ${probability(shipment.probabilityMet)}.`;
  const title = 'By log and rounds together: lifts over the baseline in per cent, mean ± standard deviation';
  return [
    `${wrapWords(title, width).join('\n')}\n${table}`,
    wrapWords(`${legend} ${ship}`, width).join('\n'),
    transferText(metrics, width),
  ].join('\n\n');
}

const TRANSFER_LEGEND =
  "rho: correlation of the log's metric with that of the experiments; nats: how much better the arms are foretold with the log " +
  'than without, each left out in turn. Above 0 the log is used.';

/** How far the log is trusted, metric by metric. */
function transferText(metrics: Posterior['metrics'], width: number): string {
  const table = textTable(
    [
      LEFT('metric'),
      LEFT("the log's"),
      RIGHT('rho'),
      RIGHT('95 % interval'),
      RIGHT('nats'),
      LEFT('the log is'),
    ],
    metrics.map(({ metric, offline, correlation, evidence, used, reason }) => [
      metric,
      offline ?? '-',
      ...(correlation === null || evidence === null
        ? ['-', '-', '-', reason]
        : [
            correlation.mean.toFixed(2),
            `${correlation.lower.toFixed(2)} to ${correlation.upper.toFixed(2)}`,
            evidence.gain.toFixed(2),
            used ? 'used' : 'dropped',
          ]),
    ]),
    width,
  );
  return `${table}\n${wrapWords(TRANSFER_LEGEND, width).join('\n')}`;
}

/** What a gain is of: less of an objective to be minimised. */
function objectiveGain({ objective: { metric, direction } }: OnlineDefinition): string {
  return direction === 'minimize' ? `less ${metric}` : `of ${metric}`;
}

/** In per cent, without saying so. */
function withoutSign(share: number): string {
  return formatPercent(share).slice(0, -2);
}

/** Two digits, and never a certainty that rounding made. */
export function probability(value: number): string {
  if (value > 0 && value < 0.005) return '<0.01';
  if (value >= 0.995 && value < 1) return '>0.99';
  return value.toFixed(2);
}
