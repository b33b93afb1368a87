import { GUARDRAILS, SIGNS } from '../world/heads.ts';
import type { World } from '../world/world.ts';
import type { LiftGuardrail } from '../../../src/online/transfer/lift-guardrail.ts';

/** Online traffic of every strategy that experiments: two rounds of eight arms beside a baseline arm. */
export const ARMS = 8;
export const ROUNDS = 2;

export interface Shipped {
  readonly weights: Float64Array;
  /** Of a strategy that may use the log: whether it did in the end, by head. */
  readonly logUsed?: readonly boolean[];
}

export type Strategy = (world: World) => Shipped;

/** The world's guardrails on lifts over the baseline. */
export const LIFT_GUARDRAILS: readonly LiftGuardrail[] = GUARDRAILS.map(({ head, factor }) => ({
  metric: head,
  relation: SIGNS[head] === 1 ? '>=' : '<=',
  bound: factor - 1,
}));
