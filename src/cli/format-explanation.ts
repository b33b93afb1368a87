import { BASELINE_TRIAL } from '../domain/trial.ts';
import type { Explanation } from '../service/explain.ts';
import { formatError, formatShortly, verdictOf } from './format-errors.ts';
import { formatNumber, formatPercent } from './format-number.ts';
import { type Column, textTable, wrapWords } from './text-table.ts';

const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** What the best trial of a sweep means, for a person; in lines of `width` where words allow it. */
export function formatExplanation(explanation: Explanation, width = Infinity): string {
  const paragraphs = [nearOptimumText(explanation), SHARES, agreementText(explanation)];
  return [
    headline(explanation),
    weightTable(explanation, width),
    wrapWords(paragraphs.filter((text) => text !== undefined).join(' '), width).join('\n'),
    ...roundingTexts(explanation, width),
  ].join('\n\n');
}

const SHARES =
  'Share: weight times the standard deviation of the probability over the log, of the sum of these: what a head does to the ranking.';

function headline({ study, rows, requests, winner }: Explanation): string {
  const log = `${rows.toLocaleString('en')} impressions in ${requests.toLocaleString('en')} requests`;
  const best = winner.feasible
    ? `the best feasible is ${nameOf(winner.number)}`
    : `no trial meets every guardrail, the nearest is ${nameOf(winner.number)}`;
  return `${study}: ${log}; ${best}`;
}

function nameOf(number: number): string {
  return number === BASELINE_TRIAL ? 'the baseline' : `trial ${number}`;
}

function weightTable({ winner, shares, nearOptimal, rounded }: Explanation, width: number): string {
  const { baseline } = shares;
  const rows = Object.entries(winner.weights).map(([name, weight]) => [
    name,
    String(weight),
    ...(nearOptimal === null ? [] : [short(nearOptimal.minimum[name]!), short(nearOptimal.maximum[name]!)]),
    ...(rounded === null ? [] : [String(rounded.weights[name])]),
    percent(shares.winner[name]!),
    ...(baseline === null ? [] : [percent(baseline[name]!)]),
  ]);
  return textTable(
    [
      { title: 'weight', align: 'left' },
      RIGHT(winner.number === BASELINE_TRIAL ? 'baseline' : `trial ${winner.number}`),
      ...(nearOptimal === null ? [] : ['from', 'to'].map(RIGHT)),
      ...(rounded === null ? [] : [RIGHT(`step ${rounded.step}`)]),
      RIGHT('share'),
      ...(baseline === null ? [] : [RIGHT('baseline share')]),
    ],
    rows,
    width,
  );
}

function short(weight: number): string {
  return String(Number(weight.toFixed(4)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function nearOptimumText(explanation: Explanation): string | undefined {
  const { nearOptimal, winner } = explanation;
  if (nearOptimal === null)
    return winner.feasible
      ? 'Near-optimal weights are not known: too little is measured to model.'
      : undefined;
  return (
    `From … to: over all weights that, by the models, ${lossText(explanation, nearOptimal)} and meet every guardrail; the ` +
    `other weights follow. Found by hit-and-run among such weights (${nearOptimal.asked.toLocaleString('en')} looked at).`
  );
}

function lossText(
  { objective, winner }: Explanation,
  { tolerance, toleranceFrom, noise }: NonNullable<Explanation['nearOptimal']>,
): string {
  if (noise !== null) {
    const { errors, trials, lowest, median, highest } = noise;
    return (
      `lose no more of ${objective} than noise: ${errors} paired standard errors of the difference to ` +
      `${nameOf(winner.number)} (evaluated for ${trials} other trials, from ${formatError(lowest)} to ${formatError(highest)}, ` +
      `median ${formatError(median)}, and modelled between them)`
    );
  }
  const { value } = winner.metrics[objective]!;
  const share = value === 0 ? '' : `${(100 * (tolerance! / Math.abs(value))).toFixed(2)} %, `;
  const why = toleranceFrom === 'given' ? 'as asked' : '--within says another amount';
  return `lose at most ${formatNumber(tolerance!)} of ${objective} (${share}${why})`;
}

function agreementText({ agreement, winner }: Explanation): string | undefined {
  if (agreement === null) return undefined;
  const { cutoff, overlap, overlapRequests, kendallTau, kendallRequests } = agreement;
  const top =
    overlap === null
      ? `no request has more than ${cutoff} rows, so that their tops are the same`
      : `the first ${cutoff} places have ${percent(overlap)} in common (${overlapRequests.toLocaleString('en')} requests of more rows)`;
  const tau =
    kendallTau === null
      ? "Kendall's tau is not defined, as no request tells rows apart"
      : `Kendall's tau-b is ${kendallTau.toFixed(3)} (${kendallRequests.toLocaleString('en')} requests)`;
  return `Beside the baseline's ranking, that of ${nameOf(winner.number)}: ${top}; ${tau}.`;
}

function roundingTexts({ rounded, objective, winner }: Explanation, width: number): readonly string[] {
  if (rounded === null) return [];
  const { step, loss, relativeLoss, lossSem, feasible, neighbours, evaluated, guardrails } = rounded;
  const share = relativeLoss === null ? '' : ` (${formatPercent(-relativeLoss)})`;
  const error = lossSem === null ? '' : ` ± ${formatError(lossSem)}`;
  const change = loss === 0 ? 'nothing' : `${formatNumber(Math.abs(loss))}${error}${share}`;
  const verb = loss < 0 ? 'gains' : 'costs';
  const verdict = feasible ? '' : ' No such weights meet every guardrail; these come nearest.';
  const text =
    `Rounded to multiples of ${step}: ${objective} ${formatNumber(rounded.objective)}, which ${verb} ${change} against ` +
    `${nameOf(winner.number)}.${verdict} Best of ${evaluated} evaluated on the log, of the ${neighbours} nearest multiples.`;
  const margined = guardrails.some(({ margin }) => margin !== null);
  const table = textTable(
    [
      { title: 'guardrail', align: 'left' },
      ...['bound', 'slack', 'slack at step', ...(margined ? ['margin at step'] : [])].map(RIGHT),
      { title: '', align: 'left' },
    ],
    guardrails.map(({ guardrail, bound, winnerSlack, slack, margin, met }) => [
      guardrail,
      ...[bound, winnerSlack, slack].map(formatNumber),
      ...(margin === null ? [] : [formatShortly(margin.margin)]),
      verdictOf({ met, slack, binds: false }),
    ]),
    width,
  );
  return [wrapWords(text, width).join('\n'), ...(guardrails.length === 0 ? [] : [table])];
}
