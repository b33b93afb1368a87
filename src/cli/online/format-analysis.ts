import { formatGuardrail } from '../../domain/guardrail.ts';
import type { OnlineDefinition } from '../../domain/online.ts';
import type { AnalysedExperiment } from '../../service/analyse-experiment.ts';
import { formatError } from '../format-errors.ts';
import { formatNumber, formatPercent } from '../format-number.ts';
import { shellWord } from '../next-steps.ts';
import { type Column, textTable, wrapWords } from '../text-table.ts';
import { formatPosterior, probability } from './format-posterior.ts';

type Metric = AnalysedExperiment['own']['metrics'][number];

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** What a round says by itself, then together with the log and the rounds before it. */
export function formatAnalysis(
  analysis: AnalysedExperiment,
  online: OnlineDefinition,
  db: string,
  width = Infinity,
): string {
  const { own, posterior, withoutPosterior, notes, study } = analysis;
  const wrap = (text: string): string => wrapWords(text, width).join('\n');
  return [
    wrap(headline(analysis)),
    ...notes.map(wrap),
    ...own.metrics.map((metric) => metricText(metric, analysis, online, width)),
    ...(own.guardrails.length === 0 ? [] : [guardrailTable(analysis, online, width)]),
    ...(posterior === null
      ? [wrap(`By log and rounds together nothing can be said: ${withoutPosterior}.`)]
      : [formatPosterior(posterior, online, width)]),
    `Next: npx pondera recommend ${study} --db ${shellWord(db)}`,
  ].join('\n\n');
}

function headline({ experiment, readout, alpha, correction, own, information }: AnalysedExperiment): string {
  const { window, units } = readout.readout;
  const users = Object.values(units).reduce((sum, count) => sum + count, 0);
  const level = Number((100 * (1 - alpha)).toPrecision(4));
  const shared = correction === 'none' ? 'of each arm by itself' : 'of all arms of a metric together';
  const look =
    own.intervals === 'sequential'
      ? `sequential, as ${Number((100 * information.fraction!).toPrecision(3))} % of the plan is there: they hold at every look`
      : correction === 'none'
        ? 'uncorrected'
        : `by ${correction === 'dunnett' ? 'Dunnett' : 'Bonferroni'}`;
  return `${experiment.name}: round ${experiment.number} of ${experiment.study}, readout ${readout.revision}, ${window.start} to ${window.end}, ${users.toLocaleString('en')} users. Intervals hold ${shared} with ${level} %, ${look}.`;
}

/** Lifts of one metric, the objective with probabilities of this round alone. */
function metricText(
  { metric, kind, scale, arms }: Metric,
  { own }: AnalysedExperiment,
  { objective }: OnlineDefinition,
  width: number,
): string {
  const isObjective = objective.metric === metric;
  const role = isObjective ? `${kind}; objective, to ${objective.direction}` : kind;
  const shrunk = own.shrunk[metric] ?? null;
  const probabilities = isObjective ? own.probabilities : null;
  const show = scale === 'relative' ? formatPercent : formatNumber;
  const error = (value: number): string =>
    scale === 'relative' ? `${(100 * value).toFixed(2)} %` : formatError(value);
  const table = textTable(
    [
      LEFT('arm'),
      RIGHT(scale === 'relative' ? 'lift' : 'difference'),
      RIGHT('interval'),
      ...(shrunk === null ? [] : [RIGHT('shrunk')]),
      ...(probabilities === null ? [] : ['P(better)', 'P(kept)', 'P(best)'].map(RIGHT)),
    ],
    arms.map(({ arm, lift, standardError, lower, upper }) => {
      const drawn = shrunk?.find((each) => each.arm === arm);
      const found = probabilities?.find((each) => each.arm === arm);
      return [
        arm,
        `${show(lift)} ± ${error(standardError)}`,
        `${show(lower)} to ${show(upper)}`,
        ...(shrunk === null ? [] : [drawn === undefined ? '-' : show(drawn.lift)]),
        ...(probabilities === null
          ? []
          : found === undefined
            ? ['-', '-', '-']
            : [found.better, found.feasible, found.best].map(probability)),
      ];
    }),
    width,
  );
  return `${metric} (${role})\n${table}`;
}

function guardrailTable(
  { own }: AnalysedExperiment,
  { guardrails }: OnlineDefinition,
  width: number,
): string {
  const arms = [...new Set(own.guardrails.map(({ arm }) => arm))];
  const read = guardrails
    .map(formatGuardrail)
    .filter((text) => own.guardrails.some(({ guardrail }) => guardrail === text));
  const table = textTable(
    [LEFT('arm'), ...read.map(LEFT)],
    arms.map((arm) => [
      arm,
      ...read.map(
        (text) => own.guardrails.find((each) => each.arm === arm && each.guardrail === text)?.verdict ?? '-',
      ),
    ]),
    width,
  );
  return `Guardrails, each arm by itself\n${table}`;
}
