/**
 * A guardrail's slack as a function of its constant c: normal with mean value − c·unit and variance
 * valueVariance − 2c·covariance + c²·unitVariance. `unit` is positive: the baseline of `c * baseline`, else 1.
 */
export interface SlackLine {
  readonly value: number;
  readonly unit: number;
  readonly valueVariance: number;
  readonly covariance: number;
  readonly unitVariance: number;
}

/** A guardrail as "at least": one from above turned round, its constant too. */
export function orientedLine(relation: '>=' | '<=', line: SlackLine): SlackLine {
  return relation === '>=' ? line : { ...line, value: -line.value, covariance: -line.covariance };
}

/**
 * The largest c at which the slack is at least z standard deviations: A − cB ≥ z·√(V − 2cC + c²W).
 *
 * A root of (B² − z²W)c² − 2(AB − z²C)c + A² − z²V = 0 on the side of A/B that the sign of z says. Undefined where no c does
 * (z > 0), Infinity where every c does (z < 0).
 */
export function tightestConstant(line: SlackLine, z: number): number | undefined {
  const { value: A, unit: B, valueVariance: V, covariance: C, unitVariance: W } = line;
  if (!(B > 0)) throw new RangeError(`the unit of a guardrail's constant must be positive, got ${B}`);
  if (z === 0 || (V === 0 && W === 0)) return A / B;
  const roots = quadraticRoots(B * B - z * z * W, A * B - z * z * C, A * A - z * z * V);
  const onSide = roots.filter((c) => (z > 0 ? A - c * B >= 0 : A - c * B <= 0));
  if (onSide.length === 0) return z > 0 ? undefined : Infinity;
  return z > 0 ? Math.max(...onSide) : Math.min(...onSide);
}

/** The real roots of ac² − 2bc + d = 0, without cancellation. */
function quadraticRoots(a: number, b: number, d: number): readonly number[] {
  if (a === 0) return b === 0 ? [] : [d / (2 * b)];
  const discriminant = b * b - a * d;
  if (discriminant < 0) return [];
  const q = b + Math.sign(b || 1) * Math.sqrt(discriminant);
  return q === 0 ? [0] : [q / a, d / q];
}
