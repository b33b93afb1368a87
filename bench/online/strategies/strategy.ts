import { GUARDRAILS, SIGNS } from '../world/heads.ts';
import type { World } from '../world/world.ts';
import type { LiftGuardrail } from '../../../src/online/transfer/lift-guardrail.ts';

/** Online traffic of every strategy that experiments: two rounds of eight arms beside a baseline arm. */
export const ARMS = 8;
export const ROUNDS = 2;

/** What a strategy ships, and what it believed of the log on its way, for a reader. */
export interface Shipped {
  readonly weights: Float64Array;
  readonly note?: string;
}

export type Strategy = (world: World) => Shipped;

/** The world's guardrails on lifts over the baseline. */
export const LIFT_GUARDRAILS: readonly LiftGuardrail[] = GUARDRAILS.map(({ head, factor }) => ({
  metric: head,
  relation: SIGNS[head] === 1 ? '>=' : '<=',
  bound: factor - 1,
}));
