import { BASELINE_TRIAL } from '../domain/trial.ts';
import type { GuardrailReport, TrialReport } from '../service/sweep-report.ts';
import type { Frontier, FrontierStep, WhatIfReport } from '../service/what-if-study.ts';
import { formatShortly, formatSlack, verdictOf } from './format-errors.ts';
import { formatNumber, formatPercent } from './format-number.ts';
import { type Column, textTable, wrapWords } from './text-table.ts';

const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** Steps of a frontier that are printed: those nearest to the present one. */
const MOST_STEPS = 10;

/** A study's trials under other guardrails, for a person: what is best, what binds, what more trials may gain, the frontiers. */
export function formatWhatIf(report: WhatIfReport, width = Infinity): string {
  const paragraphs = [verdict(report), bindingText(report), ...prospectTexts(report), marginText(report)];
  return [
    comparison(report, width),
    ...paragraphs.filter((text) => text !== undefined).flatMap((text) => [wrapWords(text, width).join('\n')]),
    ...report.frontiers.map((frontier) => frontierTable(report, frontier, width)),
  ].join('\n\n');
}

/** The guardrails that are asked about, one line each, with the bound and its slack at the best trial. */
function comparison({ study, own, asked }: WhatIfReport, width: number): string {
  const left = own.guardrails.filter((text) => !asked.guardrails.includes(text));
  const rows = asked.guardrails.map((text) => {
    const at = asked.best?.guardrails.find(({ guardrail }) => guardrail === text);
    const isNew = own.guardrails.includes(text) ? 'as in the study' : 'asked';
    return [
      text,
      isNew,
      at === undefined ? '-' : formatNumber(at.bound),
      at === undefined ? '-' : stateOf(at),
    ];
  });
  const instead = left.length === 0 ? [] : [`Instead of: ${left.join('; ')}`];
  const table = textTable(
    [
      { title: 'guardrail', align: 'left' },
      { title: 'from', align: 'left' },
      { title: 'bound', align: 'right' },
      { title: asked.best === null ? 'state' : `at trial ${asked.best.number}`, align: 'left' },
    ],
    rows,
    width,
  );
  return [
    `${study}: ${asked.counts.completed} stored trials, nothing evaluated anew`,
    '',
    table,
    ...instead,
  ].join('\n');
}

function stateOf(report: GuardrailReport): string {
  const likely = report.probability === null ? '' : `, P ${report.probability.toFixed(3)}`;
  return `${verdictOf(report)}, ${formatSlack(report)}${likely}`;
}

function verdict({ objective, own, asked, change, relativeChange }: WhatIfReport): string {
  const count = asked.counts.feasible ?? 0;
  const feasible = `${count} ${count === 1 ? 'trial is' : 'trials are'} feasible, under the study's own guardrails ${own.counts.feasible ?? 0}.`;
  if (asked.best === null) return `No best trial: ${asked.waitingFor}. ${feasible}`;
  const value = formatNumber(asked.best.metrics[objective]!.value);
  if (!asked.best.feasible)
    return `No stored trial meets them all. The nearest is trial ${asked.best.number} (${objective} ${value}). ${feasible}`;
  const best = `Best: ${nameOf(asked.best)}, ${objective} ${value}`;
  if (own.best === null || change === null) return `${best}. ${feasible}`;
  const before = formatNumber(own.best.metrics[objective]!.value);
  const same = own.best.number === asked.best.number;
  const share = relativeChange === null ? '' : ` (${formatPercent(relativeChange)})`;
  const against = same
    ? "the same as under the study's own guardrails"
    : `${change < 0 ? '' : '+'}${formatNumber(change)}${share} against ${nameOf(own.best)} (${before}), the best under the study's own`;
  return `${best}: ${against}. ${feasible}`;
}

function nameOf({ number }: TrialReport): string {
  return number === BASELINE_TRIAL ? 'the baseline' : `trial ${number}`;
}

function bindingText({ asked: { best } }: WhatIfReport): string | undefined {
  if (best === null || !best.feasible) return undefined;
  const binding = best.guardrails.filter(({ binds }) => binds).map(({ guardrail }) => guardrail);
  return binding.length === 0 ? 'No guardrail binds there.' : `Binding there: ${binding.join('; ')}.`;
}

function marginText({ guardrailMargin, asked }: WhatIfReport): string | undefined {
  const inBounds =
    asked.best?.guardrails.some(({ margin }) => margin !== null && margin.sem === null) ?? false;
  if (guardrailMargin === null && !inBounds) return undefined;
  const met = inBounds
    ? 'Guardrails are met whatever in their bounds the values are: the margin is what bins of utility leave open.'
    : `Guardrails are met with a margin of ${guardrailMargin} standard errors of their slack.`;
  return `${met} Below, a trial's c is the strictest that it meets with its margin there.`;
}

function* prospectTexts({ objective, own, asked, prospect }: WhatIfReport): Generator<string> {
  const changed = own.guardrails.join() !== asked.guardrails.join();
  if (changed) {
    yield "The stored trials were chosen for the study's own guardrails: better ones under those asked may not have been tried.";
  }
  if (prospect === null) {
    yield 'What further trials may gain is not known: too little is measured to model, or no other weights are left.';
    return;
  }
  const { weights, objective: predicted, probabilityFeasible, expectedImprovement } = prospect;
  const at = Object.entries(weights).map(([name, weight]) => `${name} ${Number(weight.toPrecision(4))}`);
  const promise =
    expectedImprovement === null
      ? 'The next trial would look for feasible weights'
      : `By the models the next trial would gain ${formatNumber(expectedImprovement)} of ${objective} in expectation`;
  yield (
    `${promise}: at ${at.join(', ')} they foretell ${formatNumber(predicted.mean)} ± ${formatNumber(predicted.stddev)} (sd), ` +
    `all guardrails met with probability ${probabilityFeasible.toFixed(3)}.`
  );
}

function frontierTable({ objective }: WhatIfReport, frontier: Frontier, width: number): string {
  const { guardrail, metric, relation, steps, present, form, baselineIsNoise } = frontier;
  const bound = { multiple: 'c * baseline', difference: 'baseline + c', value: 'c' }[form];
  const title = `The best ${objective} under ${metric} ${relation} ${bound}, with the other guardrails (now ${guardrail}):`;
  if (baselineIsNoise) {
    const instead = `"${metric} ${relation} baseline ${relation === '>=' ? '-' : '+'} a"`;
    const why = `the baseline's is within its margin of 0, so that its multiples say nothing. ${instead} has a frontier.`;
    return wrapWords(`${title} ${why}`, width).join('\n');
  }
  if (steps.length === 0) {
    return wrapWords(`${title} no trial meets the others, whatever this bound.`, width).join('\n');
  }
  const shown = nearest(steps, present ?? 0);
  const margined = steps[0]!.margin !== null;
  const table = textTable(
    [
      ...['c', 'bound', ...(margined ? ['margin'] : []), 'objective', 'trial'].map(RIGHT),
      { title: '', align: 'left' },
    ],
    shown.map((step) => [
      looselyRounded(step.c, relation),
      formatNumber(step.bound),
      ...(step.margin === null ? [] : [formatShortly(step.margin)]),
      formatNumber(step.objective),
      String(step.trial),
      steps.indexOf(step) === present ? 'now' : '',
    ]),
    width,
  );
  const hidden = steps.length - shown.length;
  const more =
    hidden > 0 ? [`(${hidden} of ${steps.length} steps farther off are left out; --json has them all)`] : [];
  return [...wrapWords(title, width), table, ...more].join('\n');
}

function nearest(steps: readonly FrontierStep[], present: number): readonly FrontierStep[] {
  const from = Math.max(0, Math.min(present - Math.floor(MOST_STEPS / 2), steps.length - MOST_STEPS));
  return steps.slice(from, from + MOST_STEPS);
}

const SIGNIFICANT_DIGITS = 5;

/** A constant in few digits under which the trial is still feasible: rounded to the loose side. */
function looselyRounded(c: number, relation: Frontier['relation']): string {
  if (c === 0) return '0';
  const digits = SIGNIFICANT_DIGITS - 1 - Math.floor(Math.log10(Math.abs(c)));
  const unit = Number(`1e${-digits}`);
  const units = (relation === '>=' ? Math.floor : Math.ceil)(c / unit);
  return String(Number((units * unit).toPrecision(SIGNIFICANT_DIGITS)));
}
