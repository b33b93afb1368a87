import type { StudyDefinition } from '../domain/study.ts';
import { generatorSchema, type Observations, type Trial, type Weights } from '../domain/trial.ts';
import { TRIAL_STATES } from '../domain/trial-state.ts';
import { trialsInPlay } from '../optimizer/trials-in-play.ts';

/** Mean, sem, sem of the change, n, lower and upper bound: NaN for what is not known. */
const VALUES = 6;

const GENERATORS = generatorSchema.options;

/**
 * Trials as numbers in shared memory: thousands cross to a worker at no cost, where objects would hold up the thread that
 * sends them to each of several.
 */
export interface PackedTrials {
  readonly weightNames: readonly string[];
  readonly metrics: readonly string[];
  /** Number, state, generator of each. */
  readonly heads: Int32Array;
  /** n×d; NaN where a trial has none. */
  readonly weights: Float64Array;
  /** n×m×6. */
  readonly observations: Float64Array;
}

/** The trials without their provenance but for the generator. */
export function packTrials(trials: readonly Trial[]): PackedTrials {
  const weightNames = Object.keys(trials.find(({ weights }) => weights !== null)?.weights ?? {});
  const metrics = [...new Set(trials.flatMap(({ observations }) => Object.keys(observations)))];
  const heads = new Int32Array(new SharedArrayBuffer(trials.length * 3 * 4));
  const weights = sharedNumbers(trials.length * weightNames.length);
  const observations = sharedNumbers(trials.length * metrics.length * VALUES);
  for (const [i, trial] of trials.entries()) {
    heads.set(
      [trial.number, TRIAL_STATES.indexOf(trial.state), GENERATORS.indexOf(trial.provenance.generator)],
      i * 3,
    );
    for (const [k, name] of weightNames.entries()) {
      weights[i * weightNames.length + k] = trial.weights?.[name] ?? NaN;
    }
    for (const [m, metric] of metrics.entries()) {
      const { mean = NaN, sem, changeSem, n, bounds } = trial.observations[metric] ?? {};
      const values = [mean, sem, changeSem, n, bounds?.lower, bounds?.upper];
      observations.set(
        values.map((value) => value ?? NaN),
        (i * metrics.length + m) * VALUES,
      );
    }
  }
  return { weightNames, metrics, heads, weights, observations };
}

/** The trials again; what each lacks is told anew from the study. */
export function unpackTrials(definition: StudyDefinition, packed: PackedTrials): readonly Trial[] {
  const trials = Array.from({ length: packed.heads.length / 3 }, (_, i): Trial => {
    const [number, state, generator] = packed.heads.subarray(i * 3, i * 3 + 3);
    return {
      number: number!,
      state: TRIAL_STATES[state!]!,
      weights: weightsAt(packed, i),
      provenance: { generator: GENERATORS[generator!]! },
      observations: observationsAt(packed, i),
    };
  });
  return trialsInPlay(
    definition,
    trials.map((trial) => ({ ...trial, leaseExpiresAt: null })),
  );
}

function weightsAt({ weightNames, weights }: PackedTrials, i: number): Weights | null {
  const row = weights.subarray(i * weightNames.length, (i + 1) * weightNames.length);
  if (row.length === 0 || Number.isNaN(row[0])) return null;
  return Object.fromEntries(weightNames.map((name, k) => [name, row[k]!]));
}

function observationsAt({ metrics, observations }: PackedTrials, i: number): Observations {
  const found: Observations = {};
  for (const [m, metric] of metrics.entries()) {
    const at = (i * metrics.length + m) * VALUES;
    const [mean, sem, changeSem, n, lower, upper] = observations.subarray(at, at + VALUES);
    if (Number.isNaN(mean)) continue;
    found[metric] = {
      mean: mean!,
      sem: Number.isNaN(sem) ? null : sem!,
      ...(!Number.isNaN(n) && { n: n! }),
      ...(!Number.isNaN(changeSem) && { changeSem: changeSem! }),
      ...(!Number.isNaN(lower) && { bounds: { lower: lower!, upper: upper! } }),
    };
  }
  return found;
}

function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
