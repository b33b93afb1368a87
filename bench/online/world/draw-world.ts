import type { Random } from '../../../math/random.ts';
import { HEAD_COUNT } from './heads.ts';
import { COMMON_PRIOR, type Kind, KIND_PRIORS, type KindPrior, LOADINGS, type Range } from './kinds.ts';

/** The parameters of one world, drawn from the prior of its kind. */
export interface WorldParameters {
  readonly kind: Kind;
  /** True logits by head: intercept, appeal, usefulness, bait, intent, user. */
  readonly loadings: readonly Float64Array[];
  readonly labels: KindPrior['labels'];
  readonly headNoise: Float64Array;
  readonly sharedError: number;
  /** Logits that a unit of bait adds to each head's belief. */
  readonly baitBias: Float64Array;
  readonly leak: Float64Array;
  readonly exploration: number;
  /** P(examined) at each slot. */
  readonly examination: Float64Array;
  readonly maturity: Float64Array;
  readonly spurious: Float64Array;
  /** The weights of the ranker that served while the log was gathered. */
  readonly loggingWeights: Float64Array;
  readonly usersOfArm: number;
}

/** The older ranker that gathered the log counted clicks; the shares of its utility by head. */
const LOGGING_CENTRE = [0.55, 0.1, 0.25, 0.1];
/** Concentration of what it is drawn with. */
const LOGGING_SPREAD = 0.08;

export function drawParameters(kind: Kind, random: Random): WorldParameters {
  const prior = KIND_PRIORS[kind];
  const within = ([least, most]: Range): number => least + (most - least) * random.uniform();
  const jittered = (of: readonly number[]): Float64Array =>
    Float64Array.from(of, (value) => value + COMMON_PRIOR.loadingSpread * random.normal());
  const decay = within(COMMON_PRIOR.examinationDecay);
  const bias = within(prior.baitBias);
  const noise = within(prior.headNoise);
  const shares = LOGGING_CENTRE.map((share) => share * Math.exp(LOGGING_SPREAD * random.normal()));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const [fewest, most] = COMMON_PRIOR.usersOfArm;
  return {
    kind,
    loadings: LOADINGS.map(jittered),
    labels: prior.labels,
    headNoise: Float64Array.of(noise, noise, within(prior.longClickNoise), noise),
    sharedError: within(prior.sharedError),
    baitBias: Float64Array.of(bias / 2, 0, bias, 0),
    leak: Float64Array.from(prior.leak, within),
    exploration: within(prior.exploration),
    examination: Float64Array.from({ length: COMMON_PRIOR.logSlots }, (_, r) => (r + 1) ** -decay),
    maturity: Float64Array.from(COMMON_PRIOR.maturity, within),
    spurious: Float64Array.from({ length: HEAD_COUNT }, () => within(COMMON_PRIOR.spurious)),
    loggingWeights: Float64Array.from(shares, (share) => share / total),
    usersOfArm: Math.round(fewest * (most / fewest) ** random.uniform()),
  };
}
