import type { OnlineDefinition } from '../../domain/online.ts';
import type { Weights } from '../../domain/trial.ts';
import type { NextStep } from '../../service/recommend-next.ts';
import { formatPercent } from '../format-number.ts';
import { shellWord } from '../next-steps.ts';
import { type Column, textTable, wrapWords } from '../text-table.ts';
import { probability } from './format-posterior.ts';

export interface RecommendationContext {
  readonly online: OnlineDefinition;
  readonly db: string;
}

const BULLET = '- ';

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** What to do, why, and the numbers behind it. */
export function formatRecommendation(
  step: NextStep,
  { online, db }: RecommendationContext,
  width = Infinity,
): string {
  const wrap = (text: string): string => wrapWords(text, width).join('\n');
  return [
    [verdict(step), ...(step.weights === null ? [] : [weightsLine(step.weights)])].map(wrap).join('\n'),
    step.reasons.map((reason) => bullet(reason, width)).join('\n'),
    ...(step.evidence.length === 0 ? [] : [evidenceTable(step, online, width)]),
    ...(step.arms.length === 0 ? [] : [armTable(step, width)]),
    ...step.notes.map((note) => wrap(`Note: ${note}.`)),
    ...nextCommand(step, db),
  ].join('\n\n');
}

function verdict({ study, action, arm, round }: NextStep): string {
  if (action === 'ship') return `${study}: ship ${arm}.`;
  if (action === 'run') return `${study}: run round ${round}.`;
  if (action === 'wait') return `${study}: wait for the readout of round ${round}.`;
  return `${study}: stop, and keep the baseline.`;
}

function weightsLine(weights: Weights): string {
  const pairs = Object.entries(weights).map(([name, weight]) => `${name} ${weight}`);
  return `Weights: ${pairs.join(', ')}`;
}

function evidenceTable({ evidence }: NextStep, { objective }: OnlineDefinition, width: number): string {
  const gain = objective.direction === 'minimize' ? `less ${objective.metric}` : objective.metric;
  return textTable(
    [LEFT('tested'), RIGHT(gain), ...['P(better)', 'P(kept)', 'P(best)'].map(RIGHT), LEFT('')],
    evidence.map(({ arm, lift, stddev, better, feasible, best, guardrails }) => [
      arm,
      `${formatPercent(lift)} ± ${(100 * stddev).toFixed(2)}`,
      ...[better, feasible, best].map(probability),
      missed(guardrails),
    ]),
    width,
  );
}

/** The guardrails that an arm's own round showed to be missed. */
function missed(guardrails: NextStep['evidence'][number]['guardrails']): string {
  const worse = guardrails.filter(({ verdict: found }) => found === 'worse');
  return worse.length === 0 ? '' : `misses ${worse.map(({ guardrail }) => guardrail).join(', ')}`;
}

/** A reason, its further lines below its text. */
function bullet(text: string, width: number): string {
  return wrapWords(text, width - BULLET.length)
    .map((line, i) => `${i === 0 ? BULLET : ' '.repeat(BULLET.length)}${line}`)
    .join('\n');
}

function armTable({ arms, round }: NextStep, width: number): string {
  const heads = Object.keys(arms[0]!.weights);
  return textTable(
    [LEFT(`round ${round}`), ...heads.map(RIGHT), ...['foretold', 'P(better)', 'P(kept)'].map(RIGHT)],
    arms.map(({ name, weights, foretold }) => [
      name,
      ...heads.map((head) => String(Number(weights[head]!.toFixed(4)))),
      ...(foretold === null
        ? ['-', '-', '-']
        : [
            `${formatPercent(foretold.lift)} ± ${(100 * foretold.stddev).toFixed(2)}`,
            probability(foretold.better),
            probability(foretold.feasible),
          ]),
    ]),
    width,
  );
}

function nextCommand({ study, action, arms, round }: NextStep, db: string): readonly string[] {
  const file = shellWord(db);
  if (action === 'run') return [`Next: npx pondera arms ${study} --arms ${arms.length} --db ${file}`];
  if (action === 'wait')
    return [`Next: npx pondera readout ${study} READOUT.csv --round ${round} --db ${file}`];
  return [];
}
