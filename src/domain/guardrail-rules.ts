import { formatGuardrail, type Guardrail, isMultiplicative } from './guardrail.ts';
import { isWantedBySign, parseLogMetric } from './metric.ts';
import type { StudyProblem } from './objective-rules.ts';
import { sampleGuardrails } from './sample-guardrails.ts';
import { MOST_GUARDRAILS, objectivesOf, type StudyDefinition } from './study.ts';

/** No two guardrails that no value meets, none that keeps an unwanted engagement up, no margin without a log, and not too many. */
export function* guardrailProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { guardrails, guardrailMargin, log } = study;
  if (guardrailMargin !== undefined && log === undefined) {
    yield {
      path: ['guardrailMargin'],
      message:
        'is for a log, whose sampling error all trials share: expected confidence, and a sem with each observation',
    };
  }
  const brought = log === undefined ? [] : sampleGuardrails(study);
  if (guardrails.length + brought.length > MOST_GUARDRAILS) {
    yield {
      path: ['guardrails'],
      message:
        `are ${guardrails.length}, and ${brought.length} more of the effective sample size of counterfactual metrics: ` +
        `expected at most ${MOST_GUARDRAILS} together`,
    };
  }
  for (const [i, guardrail] of guardrails.entries()) {
    const earlier = [...guardrails.slice(0, i), ...brought].find((other) => contradict(guardrail, other));
    if (earlier !== undefined) {
      yield {
        path: ['guardrails', i],
        message: `"${formatGuardrail(guardrail)}" contradicts "${formatGuardrail(earlier)}": expected bounds that some value meets`,
      };
    }
    if (keepsUnwanted(study, guardrail)) {
      const { metric } = guardrail;
      yield {
        path: ['guardrails', i],
        message:
          `"${formatGuardrail(guardrail)}" keeps up what is unwanted, as its head has sign: -1: expected ${metric} <= …, ` +
          `or metrics: {${metric}: {direction: maximize}}`,
      };
    }
  }
}

/**
 * Whether no value meets both, whatever the baseline b: one from below, at f₁b + o₁, the other from above, at f₂b + o₂ less.
 * A multiple of b is a guardrail for b > 0 alone.
 */
export function contradict(one: Guardrail, other: Guardrail): boolean {
  if (one.metric !== other.metric || one.relation === other.relation) return false;
  const [from, to] = one.relation === '>=' ? [one, other] : [other, one];
  const factors = from.factor - to.factor;
  const offsets = from.offset - to.offset;
  if (factors === 0) return offsets > 0;
  const isPositive = isMultiplicative(one) || isMultiplicative(other);
  return isPositive && factors > 0 && offsets >= 0;
}

/** Alone, without a bound from above beside it, and where the study does not say that more is better. */
function keepsUnwanted(study: StudyDefinition, { metric, relation }: Guardrail): boolean {
  const { heads = {}, metrics, guardrails } = study;
  const parsed = parseLogMetric(metric, Object.keys(heads));
  if (relation === '<=' || typeof parsed === 'string') return false;
  if (heads[parsed.head]!.sign === 1 || !isWantedBySign(parsed.kind)) return false;
  const stated = objectivesOf(study).find((objective) => objective.metric === metric)?.direction;
  if ((metrics[metric]?.direction ?? stated) === 'maximize') return false;
  return !guardrails.some((other) => other.metric === metric && other.relation === '<=');
}
