import { isBinned } from '../service/binned-log.ts';
import type { SweepResult } from '../service/sweep.ts';
import type { GuardrailReport, MetricReport } from '../service/sweep-report.ts';
import { boundsLine, formatReach } from './format-bounds.ts';
import { formatNumber, formatPercent } from './format-number.ts';

/** Of a standard error: more would be noise of the noise. */
const SIGNIFICANT_DIGITS = 2;

export function formatError(sem: number): string {
  return String(Number(sem.toPrecision(SIGNIFICANT_DIGITS)));
}

/** A metric's value, with its standard error, or how far its bounds reach, where that is known. */
export function formatValue({ value, observed: { sem, bounds } }: MetricReport): string {
  const shown = formatNumber(value);
  if (bounds !== undefined) return `${shown} ± ${formatReach(bounds, Number(shown))}`;
  return sem === null ? shown : `${shown} ± ${formatError(sem)}`;
}

/** The change to the baseline, with its paired standard error, or how far its bounds reach, where that is known. */
export function formatChange(report: MetricReport): string {
  const { change, relativeChange, changeSem, relativeChangeSem, changeBounds, relativeChangeBounds } = report;
  if (relativeChange !== null && relativeChangeBounds !== undefined) {
    const shown = formatPercent(relativeChange);
    const inPercent = {
      lower: 100 * relativeChangeBounds.lower,
      upper: 100 * relativeChangeBounds.upper,
    };
    return `${shown} ± ${formatReach(inPercent, Number.parseFloat(shown))} %`;
  }
  if (change !== null && changeBounds !== undefined) {
    const shown = formatNumber(change);
    return `${shown} ± ${formatReach(changeBounds, Number(shown))}`;
  }
  if (relativeChange !== null) {
    const error = relativeChangeSem === null ? '' : ` ± ${(100 * relativeChangeSem).toFixed(2)} %`;
    return `${formatPercent(relativeChange)}${error}`;
  }
  if (change === null) return '-';
  return changeSem === null ? formatNumber(change) : `${formatNumber(change)} ± ${formatError(changeSem)}`;
}

/** The slack of a guardrail, and the margin that it has to reach where the study has one. */
export function formatSlack(
  { slack, margin }: GuardrailReport,
  format: (value: number) => string = formatNumber,
): string {
  const needed = margin === null ? '' : `, margin ${format(margin.margin)}`;
  return `slack ${format(slack)}${needed}`;
}

/** Whether a guardrail is met; UNSURE where it is by less than its margin. */
export function verdictOf({ met, binds, slack }: Pick<GuardrailReport, 'met' | 'binds' | 'slack'>): string {
  if (met) return binds ? 'met, binds' : 'met';
  return slack < 0 ? 'VIOLATED' : 'UNSURE';
}

/** Three significant digits. */
export function formatShortly(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What ± stands for, which metrics have none, and when a guardrail counts as met; undefined where nothing has a standard error. */
export function errorsLine(
  result: SweepResult,
  metrics: Readonly<Record<string, MetricReport>>,
): string | undefined {
  const { definition, log } = result;
  if (isBinned(log)) return boundsLine(result, metrics);
  if (Object.values(metrics).every(({ observed: { sem } }) => sem === null)) return undefined;
  const unit = unitOf(log);
  const { guardrails, guardrailMargin = 0 } = definition;
  const met =
    guardrails.length === 0 || guardrailMargin === 0
      ? ''
      : ` Guardrails are met with a margin of ${guardrailMargin} standard errors of their slack.`;
  const without = Object.entries(metrics).filter(([, { observed }]) => observed.sem === null);
  const none =
    without.length === 0 ? '' : ` ${without.map(([metric]) => metric).join(', ')}: without a standard error.`;
  return `±: one standard error by ${unit}; of changes paired, on the same ${unit}s.${none}${met}`;
}

/** What standard errors and replicates of a log are by. */
export function unitOf(log: SweepResult['log']): 'request' | 'user' {
  return isBinned(log) || log.userOfRequest === undefined ? 'request' : 'user';
}
