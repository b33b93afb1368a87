import { formatGuardrail } from '../domain/guardrail.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { hasMultiples } from './exact-constant.ts';
import { formOf, type GuardrailForm, guardrailAt } from './guardrail-form.ts';
import { baselineMetrics, guardrailBounds } from './guardrail-bounds.ts';
import { slackMargin } from './guardrail-margin.ts';
import { fittedMetric, type MetricModels } from './metric-models.ts';
import { firstObjective, objectiveSign } from './metric-roles.ts';
import { distinctRows } from './repeated-weights.ts';
import { tightestConstants } from './tightest-constants.ts';
import { observationAt, observedTrials } from './training-data.ts';
import type { Trial } from '../domain/trial.ts';

/** What the trials attain up to a bound: the best of those that meet it and all other guardrails. */
export interface FrontierStep {
  /** The strictest constant that the trial meets: c of `c * baseline`, ±a of `baseline ± a`, x of a bound that is a value. */
  readonly c: number;
  readonly guardrail: string;
  /** In the metric's units, by the baseline as it was observed. */
  readonly bound: number;
  /** What the trial's slack must reach under that bound, and just does; null without a margin. */
  readonly margin: number | null;
  /** As the best trial is judged: observed, or the posterior mean where metrics have noise. */
  readonly objective: number;
  readonly trial: number;
}

/** The best objective as a function of one guardrail's bound, all others as they are: a staircase. */
export interface Frontier {
  readonly guardrail: string;
  readonly metric: string;
  readonly relation: '>=' | '<=';
  readonly form: GuardrailForm;
  /** Whether the baseline is within its margin of 0, so that it has no multiples to bound by: there are no steps then. */
  readonly baselineIsNoise: boolean;
  /** From the strictest bound that some trial meets to the loosest that makes a difference; objectives improve. */
  readonly steps: readonly FrontierStep[];
  /** The step that answers the guardrail as it is; null where no trial meets it and all others. */
  readonly present: number | null;
}

/**
 * For each guardrail, the frontier of objective against bound among the observed trials; undefined while the baseline that a
 * bound needs is not measured.
 *
 * A trial belongs to it where it meets the other guardrails by the rule that the best trial is chosen by; `models` where
 * metrics have noise. The present step is the best trial.
 */
export function frontiers(
  definition: StudyDefinition,
  trials: readonly Trial[],
  models: MetricModels | undefined,
): readonly Frontier[] | undefined {
  const bounds = guardrailBounds(definition, trials);
  if (bounds === undefined) return undefined;
  const { metric: objective } = firstObjective(definition);
  const observed = observedTrials(trials);
  const objectives =
    models === undefined
      ? observed.map((trial) => observationAt(definition, trial, objective).mean)
      : [...fittedMetric(definition, models, objective, observed.length)];
  const rows = distinctRows(observed);
  const sign = objectiveSign(definition);
  return definition.guardrails.map((guardrail, k) => {
    const baseline = baselineMetrics(definition, trials)?.[guardrail.metric];
    const form = formOf(guardrail, baseline);
    const { metric, relation } = guardrail;
    const direction = relation === '>=' ? 1 : -1;
    const given = { definition, trials, models, bounds, k, form };
    const baselineIsNoise = observed.length > 0 && !hasMultiples(given, observed[0]!);
    const constants = baselineIsNoise ? [] : tightestConstants(given);
    const met = rows.filter((row) => constants[row] !== undefined);
    // Strictest first; of equal bounds the better trial, of equal trials the first.
    const ordered = met.toSorted(
      (a, b) =>
        direction * (constants[b]! - constants[a]!) || sign * (objectives[b]! - objectives[a]!) || a - b,
    );
    const steps: FrontierStep[] = [];
    let best = -Infinity;
    for (const row of ordered) {
      if (sign * objectives[row]! <= best) continue;
      best = sign * objectives[row]!;
      const c = constants[row]!;
      const at = guardrailAt(guardrail, form, c);
      steps.push({
        c,
        guardrail: formatGuardrail(at),
        bound: at.factor * (baseline ?? 0) + at.offset,
        margin: slackMargin(definition, trials, at, observed[row]!.observations)?.margin ?? null,
        objective: objectives[row]!,
        trial: observed[row]!.number,
      });
    }
    const own = form === 'multiple' ? guardrail.factor : guardrail.offset;
    const present = steps.findLastIndex(({ c }) => direction * (c - own) >= 0);
    return {
      guardrail: formatGuardrail(guardrail),
      metric,
      relation,
      form,
      baselineIsNoise,
      steps,
      present: present < 0 ? null : present,
    };
  });
}
