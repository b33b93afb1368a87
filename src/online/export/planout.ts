import type { Allocation } from '../../domain/allocation.ts';
import type { Weights } from '../../domain/trial.ts';
import { armWeights } from './arm-weights.ts';
import { BUCKETS } from './bucket.ts';

/** An operation of PlanOut's serialised language, or a literal of JSON. */
export type PlanOutValue = string | number | boolean | PlanOutOperation;

export interface PlanOutOperation {
  readonly op: string;
  readonly [argument: string]: PlanOutValue | readonly PlanOutValue[] | readonly Branch[] | Weights | null;
}

interface Branch {
  readonly if: PlanOutValue;
  readonly then: PlanOutValue;
}

/**
 * A PlanOut script, compiled: `arm` and `weights` are what it sets.
 *
 *     experiment_salt = SEED;
 *     in_experiment = bernoulliTrial(p=COVERAGE, unit=userid);
 *     arm = BASELINE; weights = …;
 *     if (!in_experiment) { return false; }
 *     arm_index = weightedChoice(choices=[0, 1, …], weights=[…], unit=userid);
 *     arm = […][arm_index]; weights = […][arm_index];
 *
 * A user takes part where a hash is at most the coverage, and gets an arm by another hash: more coverage only adds users.
 *
 * Throws `experiment_invalid` where an arm has less than a ten-thousandth.
 * Source: Bakshy, Eckles & Bernstein 2014, arXiv:1409.3174; PlanOut's interpreter.
 */
export function planOutScript(allocation: Allocation): PlanOutOperation {
  const { seed, coverage, unit = 'userid', arms } = allocation;
  const user = get(unit);
  const names = arms.map(({ name }) => name);
  const weights = arms.map((arm) => literal(arm.weights));
  return sequence([
    set('experiment_salt', seed),
    set('in_experiment', { op: 'bernoulliTrial', p: coverage, unit: user }),
    set('arm', names[0]!),
    set('weights', weights[0]!),
    unless('in_experiment', { op: 'return', value: false }),
    set('arm_index', {
      op: 'weightedChoice',
      choices: array([...arms.keys()]),
      weights: array(armWeights(allocation, BUCKETS)),
      unit: user,
    }),
    set('arm', { op: 'index', base: array(names), index: get('arm_index') }),
    set('weights', { op: 'index', base: array(weights), index: get('arm_index') }),
  ]);
}

function sequence(seq: readonly PlanOutValue[]): PlanOutOperation {
  return { op: 'seq', seq };
}

function set(variable: string, value: PlanOutValue): PlanOutOperation {
  return { op: 'set', var: variable, value };
}

/** if (!variable) { otherwise } */
function unless(variable: string, otherwise: PlanOutValue): PlanOutOperation {
  // oxlint-disable-next-line unicorn/no-thenable -- PlanOut's key of a branch
  return { op: 'cond', cond: [{ if: { op: 'not', value: get(variable) }, then: otherwise }] };
}

function get(variable: string): PlanOutOperation {
  return { op: 'get', var: variable };
}

function array(values: readonly PlanOutValue[]): PlanOutOperation {
  return { op: 'array', values };
}

function literal(value: Weights | null): PlanOutOperation {
  return { op: 'literal', value };
}
