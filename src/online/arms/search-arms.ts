import { randomStep } from '../../../math/polytope/random-step.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import type { Random } from '../../../math/random.ts';
import type { chooseArms } from '../transfer/choose-arms.ts';
import type { LiftGuardrail, LiftSamples } from '../transfer/lift-guardrail.ts';
import { drawLifts, type LiftModels } from '../transfer/lift-models.ts';

/** Draws of the lifts that arms are chosen by. */
const DRAWS = 512;
/** Candidates: uniform ones, then steps from the best of them and of the arms. */
const UNIFORM = 160;
export const NEARBY = 80;
/** Standard deviation of a step, as a share of what a weight can be. */
export const STEP = 0.06;

/** What arms are chosen by. */
export interface ArmSearch {
  readonly lifts: LiftModels;
  readonly guardrails: readonly LiftGuardrail[];
  /** Weights that are arms already. */
  readonly tested: readonly Float64Array[];
  /** Where to look where nothing promises to gain. */
  readonly baseline: Float64Array;
  readonly rule: typeof chooseArms;
}

/**
 * Up to `count` arms by draws of the lifts: chosen among uniform weights and those tested, then among those chosen and steps from them.
 *
 * Fewer where the draws name no more; never the baseline or weights that are tested.
 */
export function searchArms(
  { lifts, guardrails, tested, baseline, rule }: ArmSearch,
  count: number,
  random: Random,
): readonly Float64Array[] {
  const { polytope, objective } = lifts;
  const draw = (points: readonly Float64Array[]): LiftSamples => drawLifts(lifts, points, DRAWS, random);
  const wide = [...tested, ...samplePolytope(polytope, UNIFORM, random)];
  const promising = rule(draw(wide), objective, guardrails, 0, count).map((i) => wide[i]!);
  const centres = promising.length > 0 ? promising : [baseline];
  const near = Array.from({ length: NEARBY }, (_, i) =>
    randomStep(polytope, centres[i % centres.length]!, STEP, random),
  );
  const points = [...tested, ...centres, ...near];
  const chosen = rule(draw(points), objective, guardrails, tested.length, count).map((i) => points[i]!);
  // A centre that was tested is a candidate too, whose draws differ from its own by rounding alone.
  return chosen.filter((arm) => [baseline, ...tested].every((other) => !isSame(arm, other)));
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, i) => value === b[i]);
}
