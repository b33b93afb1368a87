import { roundToPolytope } from '../../../math/polytope/rounding.ts';
import { randomStream } from '../../../math/random.ts';
import { DomainError } from '../../domain/errors.ts';
import type { StudyDefinition } from '../../domain/study.ts';
import type { Weights } from '../../domain/trial.ts';
import { encodeStudy, type StudyEncoding, toVector, toWeights } from '../../optimizer/encode.ts';
import { chooseArms } from '../transfer/choose-arms.ts';
import type { LiftModels } from '../transfer/lift-models.ts';
import { loggedMetric } from '../transfer/logged-metric.ts';
import { placeOn } from '../transfer/place-weights.ts';
import { promisedLifts } from '../transfer/promised-lifts.ts';
import type { LogObservations } from '../transfer/relative-observations.ts';
import type { OnlineEvidence } from './online-evidence.ts';
import type { Proposal, ProposedWeights } from './proposed-arm.ts';
import { searchArms } from './search-arms.ts';
import { spreadNotes } from './spread-notes.ts';
import { spreadsOf } from './spreads-of.ts';

/** What the log knows of the experiments' objective and guardrails. */
interface Known {
  readonly metric: string;
  readonly log: LogObservations;
}

/**
 * Up to `count` arms that the log promises: by the batch rule over draws of what lifts would be if the log could be trusted
 * (`promisedLifts`), under the guardrails of which the log knows the metric.
 *
 * `given` are arms that the round has already, but for the baseline. The notes say why there are fewer, and which guardrails the log
 * knows nothing of. Deterministic by seed. Throws `experiment_invalid` where the log cannot be modelled.
 */
export function promisedArms(
  definition: StudyDefinition,
  evidence: OnlineEvidence,
  baseline: Weights,
  given: readonly Weights[],
  count: number,
  seed: number,
): Proposal {
  if (count === 0) return { arms: [], notes: [] };
  const encoding = encodeStudy(definition);
  const promised = promisedModels(definition, encoding, evidence, baseline);
  if (typeof promised === 'string') {
    return { arms: [], notes: [`no arm is promised by the log: ${promised}`] };
  }
  const { lifts, notes } = promised;
  const arms = searchArms(
    {
      lifts,
      guardrails: lifts.guardrails,
      tested: given.map((weights) => toVector(encoding, weights)),
      baseline: toVector(encoding, baseline),
      rule: chooseArms,
    },
    count,
    randomStream(seed, 'online', 'promised'),
  );
  return {
    arms: arms.map((point): ProposedWeights => ({
      weights: toWeights(encoding, roundToPolytope(encoding.polytope, point)),
      generator: 'promised_by_log',
      reason: 'adds most to the expected gain of the batch, if the log can be trusted',
    })),
    notes: [
      ...spreadNotes(evidence),
      ...notes,
      ...(arms.length < count
        ? [`the log promises ${arms.length} arms that may gain, of ${count} asked`]
        : []),
    ],
  };
}

/** What the log promises of the objective and of the guardrails that it knows; a reason in words where it promises nothing. */
function promisedModels(
  { online }: StudyDefinition,
  encoding: StudyEncoding,
  evidence: OnlineEvidence,
  baseline: Weights,
): { readonly lifts: LiftModels; readonly notes: readonly string[] } | string {
  const { metrics, objective, guardrails } = online!;
  const { polytope } = encoding;
  const place = placeOn(polytope, spreadsOf(evidence, polytope.names));
  const knownOf = (metric: string): Known | string => {
    const { offline } = metrics[metric]!;
    if (offline === undefined) return `the study names no metric of the log for ${metric}`;
    const log = loggedMetric(encoding, place, evidence, offline);
    return typeof log === 'string' ? log : { metric, log };
  };
  const wanted = knownOf(objective.metric);
  if (typeof wanted === 'string') return wanted;
  const offline = metrics[objective.metric]!.offline!;
  const served = evidence.logged.find(({ weights }) => isSame(weights, baseline));
  if (served?.metrics[offline] === undefined) return `${offline} of the baseline was not measured`;
  const kept = [...new Set(guardrails.map(({ metric }) => metric))].filter(
    (metric) => metric !== objective.metric,
  );
  const found = kept.map(knownOf);
  const known = [wanted, ...found.filter((each) => typeof each !== 'string')];
  const names = known.map(({ metric }) => metric);
  const at = place(toVector(encoding, baseline));
  return {
    lifts: {
      polytope,
      place,
      errors: undefined,
      models: known.map(({ metric, log }) => promisedOf(metric, log, at)),
      guardrails: guardrails
        .filter(({ metric }) => names.includes(metric))
        .map(({ metric, relation, factor }) => ({
          metric: names.indexOf(metric),
          relation,
          bound: factor - 1,
        })),
      objectiveModel: 0,
      objective: objective.direction === 'minimize' ? names.length : 0,
    },
    notes: found.flatMap((each, i) =>
      typeof each === 'string' ? [`arms that the log promises are chosen without ${kept[i]}: ${each}`] : [],
    ),
  };
}

function promisedOf(metric: string, log: LogObservations, baseline: Float64Array) {
  try {
    return promisedLifts(metric, log, baseline);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError('experiment_invalid', error.message);
  }
}

function isSame(a: Weights, b: Weights): boolean {
  return Object.keys(a).every((name) => a[name] === b[name]);
}
