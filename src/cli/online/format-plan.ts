import type { ExperimentPlan, PlanRequest } from '../../service/plan-experiment.ts';
import { formatNumber, formatPercent } from '../format-number.ts';
import { type Column, textTable, wrapWords } from '../text-table.ts';

export interface PlanReport {
  readonly plan: ExperimentPlan;
  readonly request: PlanRequest;
}

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** What each number of arms shows on the traffic, beside what the models expect to gain by it. */
export function formatPlan(report: PlanReport, width = Infinity): string {
  const { plan } = report;
  const wrap = (text: string): string => wrapWords(text, width).join('\n');
  return [
    wrap(headline(report)),
    metricTable(plan, width),
    planTable(report, width),
    wrap(legend(report)),
    ...advice(report).map(wrap),
  ].join('\n\n');
}

function headline({ plan: { study }, request }: PlanReport): string {
  const { unitsPerDay, days, control, correction, alpha, power } = request;
  const share =
    typeof control === 'number'
      ? `${Number((100 * control).toPrecision(4))} % of them the baseline's`
      : control === 'equal'
        ? 'all groups alike'
        : "the baseline's share the sharpest";
  const shared =
    correction === 'none'
      ? 'each arm by itself'
      : `all arms together (${correction === 'dunnett' ? 'Dunnett' : 'Bonferroni'})`;
  return `${study}: ${users(unitsPerDay)} users a day for ${days} days, ${users(unitsPerDay * days)} in all, ${share}; alpha ${alpha} of ${shared}, power ${power}.`;
}

function metricTable({ metrics, unplanned }: ExperimentPlan, width: number): string {
  const table = textTable(
    [LEFT('metric'), RIGHT('mean'), RIGHT('standard deviation'), RIGHT('what matters'), LEFT('known from')],
    metrics.map(({ name, mean, stddev, relevantEffect, source }) => [
      name,
      formatNumber(mean),
      formatNumber(stddev),
      relevantEffect === null ? '-' : percent(relevantEffect),
      SOURCES[source],
    ]),
    width,
  );
  if (unplanned.length === 0) return table;
  const text = `Without mean and spread, so not planned: ${unplanned.join(', ')} (--mean, --sd, --readout).`;
  return `${table}\n${wrapWords(text, width).join('\n')}`;
}

const SOURCES = {
  request: 'the command',
  readout: 'the readout given',
  'last experiment': 'the last round',
  study: 'the study',
} as const satisfies Record<ExperimentPlan['metrics'][number]['source'], string>;

function planTable({ plan: { plans, metrics, needed } }: PlanReport, width: number): string {
  const hasDays = needed.some(({ days }) => days !== null);
  const hasGain = plans.some(({ gain }) => gain !== null);
  return textTable(
    [
      RIGHT('arms'),
      RIGHT('users an arm'),
      ...metrics.map(({ name }) => RIGHT(name)),
      ...(hasDays ? [RIGHT('days needed')] : []),
      ...(hasGain ? [RIGHT('expected gain')] : []),
    ],
    plans.map(({ arms, armUnits, metrics: shown, gain }, i) => [
      String(arms),
      users(armUnits),
      ...shown.map(({ relative, relevant }) => {
        if (relative === null) return '-';
        return `${percent(relative)}${relevant === false ? ' *' : '  '}`;
      }),
      ...(hasDays ? [daysText(needed[i]!.days)] : []),
      ...(hasGain
        ? [gain === null ? '-' : `${formatPercent(gain.mean)} ± ${(100 * gain.standardError).toFixed(2)}`]
        : []),
    ]),
    width,
  );
}

function legend({ plan: { plans, needed, withoutGain }, request }: PlanReport): string {
  const parts = [
    `Under each metric: the smallest change of one arm that is shown with power ${request.power}.`,
    ...(plans.some(({ metrics }) => metrics.some(({ relevant }) => relevant === false))
      ? ['*: larger than what matters.']
      : []),
    ...(needed.some(({ days }) => days !== null)
      ? ['Days needed: until what matters of every metric is shown.']
      : []),
    withoutGain === null
      ? 'Expected gain: of the objective, over the baseline, of what would be shipped after such a round (± Monte Carlo error); the models choose the arms.'
      : `No expected gain, as ${withoutGain}.`,
  ];
  return parts.join(' ');
}

function advice({ plan }: PlanReport): readonly string[] {
  const { metrics, needed, armsThatFit, armsThatGain } = plan;
  const matters = metrics.some(({ relevantEffect }) => relevantEffect !== null);
  const fewest = needed[0]?.days ?? null;
  return [
    ...(matters
      ? [
          armsThatFit > 0
            ? `With up to ${countOf(armsThatFit)} each arm shows by itself what matters of every metric.`
            : `Not even one arm shows by itself what matters of every metric: that takes ${daysText(fewest)} days.`,
        ]
      : [
          'No change is said to matter (--effect METRIC=0.02, or relevantEffect in the study), so nothing says how many arms fit.',
        ]),
    ...(armsThatGain === null
      ? []
      : [
          `The models, which learn of one arm from all others, expect the most of ${countOf(armsThatGain)}${nearly(plan, armsThatGain)}.`,
        ]),
  ];
}

function countOf(arms: number): string {
  return `${arms} ${arms === 1 ? 'arm' : 'arms'}`;
}

/** The fewest arms that are expected to gain as much, to what Monte Carlo tells. */
function nearly({ plans }: ExperimentPlan, most: number): string {
  const best = plans.find(({ arms }) => arms === most)!.gain!;
  const enough = plans.find(
    ({ gain }) =>
      gain !== null && best.mean - gain.mean <= 2 * Math.hypot(gain.standardError, best.standardError),
  );
  return enough === undefined || enough.arms === most ? '' : `, and hardly less of ${enough.arms}`;
}

function users(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** Rounded up to a tenth: a day less would not do. */
function daysText(days: number | null): string {
  return days === null ? '-' : (Math.ceil(10 * days) / 10).toFixed(1);
}

function percent(share: number): string {
  return formatPercent(share).slice(1);
}
