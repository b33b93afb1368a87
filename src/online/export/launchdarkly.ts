import type { Allocation } from '../../domain/allocation.ts';
import { DomainError } from '../../domain/errors.ts';
import { type ArmValue, armValue } from './arm-value.ts';
import { armWeights } from './arm-weights.ts';

/** Rollout weights are thousandths of a percent. */
const PARTS = 100_000;

const BASELINE = 0;

export interface LaunchDarklyPayload {
  readonly flags: Readonly<Record<string, LaunchDarklyFlag>>;
}

interface LaunchDarklyFlag {
  readonly key: string;
  readonly version: 1;
  readonly on: true;
  readonly salt: string;
  readonly variations: readonly ArmValue[];
  readonly offVariation: 0;
  readonly fallthrough: { readonly rollout: LaunchDarklyRollout };
}

interface LaunchDarklyRollout {
  readonly kind: 'experiment';
  readonly contextKind: string;
  readonly variations: readonly WeightedVariation[];
}

interface WeightedVariation {
  readonly variation: number;
  readonly weight: number;
  readonly untracked?: true;
}

/**
 * Flag data as LaunchDarkly's SDKs read it, from a file for example: one flag whose fall-through is an experiment.
 *
 * Arm i owns a cell of 100000·share_i; the first coverage·cell of it see the arm, the rest see the baseline, untracked.
 * Cells do not move with the coverage, so more coverage only adds users. The unit is the kind of context, whose key is
 * hashed with the flag's key and the seed as its salt.
 *
 * Throws `experiment_invalid` where an arm has less than a thousandth of a percent.
 * Source: LaunchDarkly, data model of the server-side evaluation library (`ldmodel`); SDK test harness.
 */
export function launchDarklyPayload(allocation: Allocation): LaunchDarklyPayload {
  const { experiment, seed, coverage, unit = 'user', arms } = allocation;
  const cells = armWeights(allocation, PARTS);
  const variations = cells.flatMap((cell, i): readonly WeightedVariation[] => {
    const seen = Math.round(cell * coverage);
    if (seen === 0) throw tooSmall(arms[i]!.name, coverage);
    const rest = cell - seen;
    return [
      { variation: i, weight: seen },
      ...(rest > 0 ? [{ variation: BASELINE, weight: rest, untracked: true } as const] : []),
    ];
  });
  const flag: LaunchDarklyFlag = {
    key: experiment,
    version: 1,
    on: true,
    salt: seed,
    variations: arms.map(armValue),
    offVariation: BASELINE,
    fallthrough: { rollout: { kind: 'experiment', contextKind: unit, variations } },
  };
  return { flags: { [experiment]: flag } };
}

function tooSmall(arm: string, coverage: number): DomainError {
  return new DomainError(
    'experiment_invalid',
    `arm "${arm}" has less than 0.001 % of the traffic where the coverage is ${coverage}: expected more`,
    { pointer: '/coverage' },
  );
}
