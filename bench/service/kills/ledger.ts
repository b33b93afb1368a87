import type { Weights } from '../../../src/domain/trial.ts';

/** A trial as the service shows it. */
export interface ShownTrial {
  readonly number: number;
  readonly state: string;
  readonly weights: Weights;
  readonly metrics: Readonly<Record<string, { readonly mean: number }>>;
  readonly clientId: string | null;
  readonly reason: string | null;
  readonly provenance: { readonly note?: string };
}

/** What a client was told of a trial, the last. */
export interface ToldTrial {
  readonly number: number;
  readonly state: string;
  readonly weights: Weights;
  readonly metrics: Readonly<Record<string, number>>;
  readonly reason: string | null;
}

/** What the service has acknowledged, by study: all of it must be found again, and nothing else. */
export interface Ledger {
  readonly trials: Map<string, Map<number, ToldTrial>>;
  /** Of each study, the notes of trials whose import was acknowledged. */
  readonly imported: Map<string, Set<string>>;
  /** The latest answer of each client, to be asked for again. */
  readonly answers: Map<string, Acknowledged>;
}

/** A request and the answer that it got. */
export interface Acknowledged {
  readonly key: string;
  readonly path: string;
  readonly body: object | string;
  readonly type: string;
  readonly text: string;
}

export function newLedger(): Ledger {
  return { trials: new Map(), imported: new Map(), answers: new Map() };
}

export function noteTrial(ledger: Ledger, study: string, trial: ToldTrial): void {
  const trials = ledger.trials.get(study) ?? new Map<number, ToldTrial>();
  ledger.trials.set(study, trials.set(trial.number, trial));
}

export function noteImport(ledger: Ledger, study: string, notes: readonly string[]): void {
  const known = ledger.imported.get(study) ?? new Set<string>();
  for (const note of notes) known.add(note);
  ledger.imported.set(study, known);
}

/** What of a study was acknowledged and is not there, or is there and nobody was told of. */
export function differences(ledger: Ledger, study: string, shown: readonly ShownTrial[]): Differences {
  const told = ledger.trials.get(study) ?? new Map<number, ToldTrial>();
  const imported = new Set(ledger.imported.get(study));
  const byNumber = new Map(shown.map((trial) => [trial.number, trial]));
  const lost = [...told.values()].filter((trial) => !isShown(trial, byNumber.get(trial.number)));
  const untold: number[] = [];
  for (const { number, provenance } of shown) {
    if (told.has(number)) continue;
    if (provenance.note === undefined || !imported.delete(provenance.note)) untold.push(number);
  }
  return { lost: lost.length + imported.size, untold: untold.length };
}

export interface Differences {
  readonly lost: number;
  readonly untold: number;
}

function isShown(told: ToldTrial, shown: ShownTrial | undefined): boolean {
  if (shown === undefined || shown.state !== told.state || shown.reason !== told.reason) return false;
  const isSame = Object.entries(told.weights).every(([name, value]) => shown.weights[name] === value);
  const metrics = Object.entries(told.metrics);
  return (
    isSame &&
    Object.keys(shown.metrics).length === metrics.length &&
    metrics.every(([name, mean]) => shown.metrics[name]?.mean === mean)
  );
}
