import type { SuggestionRequest } from './plan-suggestion.ts';

/** Candidates that are chosen at once at most, as many as one request may ask for. */
const MOST_TOGETHER = 100;

/**
 * Candidates times trials: a candidate takes time with the trials that are modelled, and nobody is answered before the last is chosen. Some
 * ten seconds on one core.
 */
const MOST_WORK = 20_000;

/**
 * How many of the requests, in their order, are planned together in a study of so many trials: at least one, and none of a client that
 * stands before already, since its second request gets the trials of its first.
 */
export function requestsTogether(requests: readonly SuggestionRequest[], trials: number): number {
  const most = Math.min(MOST_TOGETHER, Math.floor(MOST_WORK / Math.max(1, trials)));
  const clients = new Set<string>();
  let candidates = 0;
  for (const [i, { count, clientId }] of requests.entries()) {
    candidates += count;
    if (i > 0 && (candidates > most || (clientId !== undefined && clients.has(clientId)))) return i;
    if (clientId !== undefined) clients.add(clientId);
  }
  return requests.length;
}
