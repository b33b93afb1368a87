import type { Random } from '../../math/random.ts';
import type { Weights } from '../../src/domain/trial.ts';
import { ask, type Question, type Told } from './ask.ts';
import { measured, measuredStudy } from './measured-study.ts';

/** A trial that was suggested. */
export interface SuggestedTrial {
  readonly number: number;
  readonly weights: Weights;
}

/** Asks, and throws where the answer is none that was expected. */
export async function mustAsk(
  address: string,
  method: string,
  path: string,
  question?: Question,
): Promise<Told> {
  const told = await ask(address, method, path, question);
  if (told !== undefined && told.status < 300) return told;
  throw new Error(`${method} ${path}: ${told === undefined ? 'no answer' : `${told.status} ${told.text}`}`);
}

export async function createStudy(address: string, name: string, changes: object = {}): Promise<void> {
  await mustAsk(address, 'POST', '/v1/studies', { body: measuredStudy(name, changes) });
}

export async function suggest(
  address: string,
  study: string,
  body: object,
): Promise<readonly SuggestedTrial[]> {
  const { text } = await mustAsk(address, 'POST', `/v1/studies/${study}/trials:suggest`, { body });
  return (JSON.parse(text) as { trials: SuggestedTrial[] }).trials;
}

export async function complete(
  address: string,
  study: string,
  { number, weights }: SuggestedTrial,
): Promise<void> {
  const body = { metrics: measured(weights) };
  await mustAsk(address, 'POST', `/v1/studies/${study}/trials/${number}:complete`, { body });
}

/** Lines of an import: measured trials of weights that come from the stream, with four digits. */
export function importLines(count: number, random: Random): string {
  return Array.from({ length: count }, (_, i) => {
    const weights = anyWeights(random);
    return `${JSON.stringify({ weights, metrics: measured(weights), note: `n${i}` })}\n`;
  }).join('');
}

/** Weights of four digits that sum to one. */
export function anyWeights(random: Random): Readonly<Record<string, number>> {
  const cuts = [0, 0, 0].map(() => random.integer(10_000)).toSorted((x, y) => x - y);
  const [x, y, z] = cuts as [number, number, number];
  return { a: x / 1e4, b: (y - x) / 1e4, c: (z - y) / 1e4, d: (1e4 - z) / 1e4 };
}

export async function importTrials(address: string, study: string, lines: string): Promise<Told> {
  return mustAsk(address, 'POST', `/v1/studies/${study}/trials:import`, {
    body: lines,
    type: 'application/x-ndjson',
  });
}
