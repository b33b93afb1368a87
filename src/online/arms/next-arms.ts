import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import type { Random } from '../../../math/random.ts';
import type { LiftGuardrail } from '../transfer/lift-guardrail.ts';
import type { LiftModels } from '../transfer/lift-models.ts';
import { type ArmSearch, searchArms } from './search-arms.ts';

/** Standard errors of a lift that arms keep clear of the bounds, so that their readout can show that they meet them. */
const CLEARANCE = 1;

/** What a round showed of a metric of the baseline. */
export interface ServedMetric {
  readonly mean: number;
  readonly standardError: number;
}

export interface NextArms {
  /** That the models expect to gain. */
  readonly gaining: readonly Float64Array[];
  /** Far from all arms, for the traffic that is left. */
  readonly filling: readonly Float64Array[];
}

/**
 * The arms of a later round: those that the search names under guardrails that are met by as much as a lift of the last round was
 * uncertain, √2·SE/mean of the baseline; where it names fewer than `count`, the traffic that is left looks elsewhere.
 *
 * `served` one a model.
 */
export function nextArms(
  search: Omit<ArmSearch, 'guardrails'>,
  served: readonly ServedMetric[],
  count: number,
  random: Random,
): NextArms {
  const { lifts, tested, baseline } = search;
  const gaining = searchArms({ ...search, guardrails: clearOf(lifts, served) }, count, random);
  const left = count - gaining.length;
  const filling =
    left === 0 ? [] : spaceFillingDesign(lifts.polytope, left, random, [baseline, ...tested, ...gaining]);
  return { gaining, filling };
}

function clearOf({ guardrails }: LiftModels, served: readonly ServedMetric[]): readonly LiftGuardrail[] {
  return guardrails.map((guardrail) => {
    const { mean, standardError } = served[guardrail.metric]!;
    const margin = (CLEARANCE * Math.SQRT2 * standardError) / mean;
    const bound = guardrail.relation === '>=' ? guardrail.bound + margin : guardrail.bound - margin;
    return { ...guardrail, bound };
  });
}
