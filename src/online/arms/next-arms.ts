import { randomStep } from '../../../math/polytope/random-step.ts';
import { spaceFillingDesign } from '../../../math/polytope/space-filling-design.ts';
import type { Random } from '../../../math/random.ts';
import type { RoundGenerator } from '../../domain/experiment.ts';
import type { LiftBeliefs, LiftNoise } from '../plan/gain-within-guardrails.ts';
import { chooseArms } from '../transfer/choose-arms.ts';
import type { LiftGuardrail } from '../transfer/lift-guardrail.ts';
import { liftMoments } from '../transfer/lift-moments.ts';
import { drawLifts } from '../transfer/lift-models.ts';
import { thompsonArms } from '../transfer/thompson-arms.ts';
import { type ArmSearch, NEARBY, searchArms, STEP } from './search-arms.ts';
import { shippableArms } from './shippable-arms.ts';

/** Standard errors of a lift that candidates keep clear of the bounds. */
const CLEARANCES = [1, 0, 2];
/** Draws of the lifts that their moments are taken from. */
const MOMENT_DRAWS = 1536;

/** What arms of a later round are chosen by. */
export interface NextSearch extends Pick<ArmSearch, 'lifts' | 'tested' | 'baseline'> {
  readonly generator: RoundGenerator;
  /** How well the round will measure lifts, one a model; and P(all guardrails met) from which an arm may be shipped. */
  readonly noise: readonly LiftNoise[];
  readonly confidence: number;
}

export interface NextArms {
  /** That the models expect to gain. */
  readonly gaining: readonly Float64Array[];
  /** Far from all arms, for the traffic that is left. */
  readonly filling: readonly Float64Array[];
}

/**
 * The arms of a later round; where the models name fewer than `count`, the traffic that is left looks elsewhere.
 *
 * Thompson samples are of what keeps a lift's standard error clear of the bounds. Else candidates are the batches of noisy expected improvement
 * that keep 0, 1 and 2 of them clear, and steps from these; of them the arms after whose readout most is expected to be shipped
 * (`shippableArms`). Where those are fewer than `count`, the batch at 1 follows.
 */
export function nextArms(search: NextSearch, count: number, random: Random): NextArms {
  const { lifts, tested, baseline, generator } = search;
  const gaining =
    generator === 'thompson' ? thompson(search, count, random) : shippable(search, count, random);
  const left = count - gaining.length;
  const filling =
    left === 0 ? [] : spaceFillingDesign(lifts.polytope, left, random, [baseline, ...tested, ...gaining]);
  return { gaining, filling };
}

function thompson(search: NextSearch, count: number, random: Random): readonly Float64Array[] {
  return searchArms({ ...search, guardrails: clearOf(search, 1), rule: thompsonArms }, count, random);
}

function shippable(search: NextSearch, count: number, random: Random): readonly Float64Array[] {
  const { lifts, tested, baseline, noise, confidence } = search;
  const { polytope, guardrails, objective, objectiveModel } = lifts;
  const batches = CLEARANCES.map((clearance) =>
    searchArms({ ...search, guardrails: clearOf(search, clearance), rule: chooseArms }, count, random),
  );
  const found = batches.flat();
  const centres = found.length > 0 ? found : [baseline];
  const near = Array.from({ length: NEARBY }, (_, i) =>
    randomStep(polytope, centres[i % centres.length]!, STEP, random),
  );
  const points = [...tested, ...found, ...near];
  const samples = drawLifts(lifts, points, MOMENT_DRAWS, random);
  const beliefs: LiftBeliefs = {
    metrics: noise.map((each, t) => ({
      posterior: liftMoments(samples.metrics[t]!, points.length),
      noise: each,
    })),
    objective: { metric: objectiveModel, sign: objective === objectiveModel ? 1 : -1 },
    guardrails,
    confidence,
  };
  const chosen = shippableArms(beliefs, tested.length, count, random).map((i) => points[i]!);
  const others = batches[0]!.filter((arm) => !chosen.includes(arm));
  return [...chosen, ...others].slice(0, count);
}

/** The guardrails, met by so many standard errors of a lift more. */
function clearOf({ lifts, noise }: NextSearch, clearance: number): readonly LiftGuardrail[] {
  return lifts.guardrails.map((guardrail) => {
    const { arm, control } = noise[guardrail.metric]!;
    const margin = clearance * Math.sqrt(arm + control);
    const bound = guardrail.relation === '>=' ? guardrail.bound + margin : guardrail.bound - margin;
    return { ...guardrail, bound };
  });
}
