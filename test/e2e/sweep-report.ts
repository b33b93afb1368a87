/** What `pondera sweep --json` prints, as far as the tests look at it. */
export interface PrintedSweep {
  readonly study: string;
  readonly seed: number;
  readonly budget: number;
  readonly counts: { readonly completed: number; readonly running: number; readonly feasible: number };
  readonly best: PrintedBest;
  /** Of a study with several objectives, whose `best` is null. */
  readonly pareto?: PrintedPareto;
  readonly log: {
    readonly rows: number;
    readonly requests: number;
    readonly droppedRows: number;
    readonly metrics: Readonly<Record<string, PrintedCoverage>>;
  };
  readonly trials: readonly PrintedTrial[];
}

export interface PrintedCoverage {
  readonly rows: number;
  readonly requests: number;
  readonly requestsWithoutPositive: number;
}

export interface PrintedBest {
  readonly number: number;
  readonly weights: Readonly<Record<string, number>>;
  readonly feasible: boolean;
  readonly metrics: Readonly<Record<string, PrintedMetric>>;
  readonly guardrails: readonly {
    readonly guardrail: string;
    readonly bound: number;
    readonly value: number;
    readonly slack: number;
    readonly margin: { readonly sem: number; readonly margin: number } | null;
    readonly met: boolean;
  }[];
}

export interface PrintedPareto {
  readonly hypervolume: number;
  readonly referencePoint: Readonly<Record<string, number>>;
  readonly trials: readonly PrintedBest[];
  readonly nearest: PrintedBest | null;
}

export interface PrintedMetric {
  readonly direction: string;
  readonly baseline: number | null;
  readonly value: number;
  readonly changeSem: number | null;
}

export interface PrintedTrial {
  readonly number: number;
  readonly weights: Readonly<Record<string, number>> | null;
  readonly generator: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly errors: Readonly<
    Record<string, { readonly sem: number | null; readonly changeSem: number | null }>
  >;
}

export function parseSweep(json: string): PrintedSweep {
  return JSON.parse(json) as PrintedSweep;
}

/**
 * Whether a trial meets a printed guardrail of the form `METRIC >= c * baseline`, by a margin of z standard errors.
 *
 * Var(m − c·b) = Var m + c²·Var b − c·(Var m + Var b − Var(m − b))
 */
export function meetsByMargin(
  { trials }: PrintedSweep,
  trial: PrintedTrial,
  guardrail: string,
  z: number,
): boolean {
  const [metric, , factor] = guardrail.split(' ');
  const c = Number(factor);
  const [own, baseline] = [trial, trials[0]!].map(({ metrics, errors }) => ({
    value: metrics[metric!]!,
    ...errors[metric!]!,
  }));
  const [ofValue, ofBaseline] = [own!.sem! ** 2, baseline!.sem! ** 2];
  const variance = ofValue + c * c * ofBaseline - c * (ofValue + ofBaseline - own!.changeSem! ** 2);
  return own!.value - c * baseline!.value >= z * Math.sqrt(Math.max(0, variance));
}

/** The weights of every trial that has some. */
export function printedWeights({ trials }: PrintedSweep): readonly Readonly<Record<string, number>>[] {
  return trials.flatMap(({ weights }) => (weights === null ? [] : [weights]));
}

const UNIT_EXPONENT = 30;

/** A number exactly as it is printed, in units of 1e-30. */
export function printedUnits(value: number): bigint {
  const [mantissa, power = '0'] = String(value).split('e');
  const [whole, fraction = ''] = mantissa!.split('.');
  const shift = UNIT_EXPONENT + Number(power) - fraction.length;
  return BigInt(whole! + fraction) * 10n ** BigInt(shift);
}

/** The sum of numbers exactly as they are printed. */
export function printedSum(values: readonly number[]): bigint {
  return values.reduce((sum, value) => sum + printedUnits(value), 0n);
}
