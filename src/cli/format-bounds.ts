import type { Bounds } from '../domain/trial.ts';
import { type BinnedLog, isBinned } from '../service/binned-log.ts';
import type { SweepResult } from '../service/sweep.ts';
import type { MetricReport } from '../service/sweep-report.ts';

const SIGNIFICANT_DIGITS = 2;

/** How far bounds reach from a value as it is printed, on the side where they reach farther: in two digits, rounded up. */
export function formatReach({ lower, upper }: Bounds, printed: number): string {
  const reach = Math.max(upper - printed, printed - lower);
  if (reach <= 0) return '0';
  const digits = SIGNIFICANT_DIGITS - 1 - Math.floor(Math.log10(reach));
  const unit = Number(`1e${-digits}`);
  return String(Number((Math.ceil(reach / unit) * unit).toPrecision(SIGNIFICANT_DIGITS)));
}

/** What a log in the histogram form is called beside its impressions. */
export function binsText({ bins }: Pick<BinnedLog, 'bins'>): string {
  return `${bins.toLocaleString('en')} bins of utility`;
}

/** What ± stands for where the log is in the histogram form, and when a guardrail counts as met; undefined in another. */
export function boundsLine(
  { definition: { guardrails }, log }: SweepResult,
  metrics: Readonly<Record<string, MetricReport>>,
): string | undefined {
  if (!isBinned(log)) return undefined;
  const met = guardrails.length === 0 ? '' : ' Guardrails are met whatever in their bounds the values are.';
  const unsure = Object.entries(metrics).filter(
    ([, { changeBounds }]) => changeBounds !== undefined && changeBounds.lower < 0 && changeBounds.upper > 0,
  );
  const open =
    unsure.length === 0
      ? ''
      : ` Which way it changed stays open for ${unsure.map(([name]) => name).join(', ')}: more bins (log.bins) would tell.`;
  return `±: the value on this log surely lies no farther off, by ${binsText(log)}; sampling error is not in it.${met}${open}`;
}
