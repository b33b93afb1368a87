import { setTimeout } from 'node:timers/promises';
import { ask, type Question, type Told } from '../ask.ts';

/** Where the service is now, and what requests to it have met. */
export interface ServiceLine {
  address: string;
  /** When it was ready the last time. */
  aliveSince: number;
  /** Requests that were sent again because no answer had come. */
  retried: number;
  /** Answers that no client should get: faults, refusals of what is right. */
  readonly errors: string[];
  /** Requests that were never answered. */
  stuck: number;
}

const RETRY_MS = 25;

/** A client that has waited for so long of a service that lives is stuck. */
const STUCK_MS = 60_000;

/** While a service stops, starts or finishes another's request a client tries again. */
const AGAIN: ReadonlySet<number> = new Set([429, 503]);

/** Sends a request, again and again under its key, until it is answered. Undefined where it never is, or wrongly. */
export async function askUntilAnswered(
  line: ServiceLine,
  path: string,
  question: Question,
  expected: readonly number[] = [200, 201],
): Promise<Told | undefined> {
  const start = performance.now();
  for (let tries = 0; performance.now() - Math.max(start, line.aliveSince) < STUCK_MS; tries++) {
    if (tries > 0) {
      line.retried++;
      await setTimeout(RETRY_MS);
    }
    const told = await ask(line.address, 'POST', path, question);
    if (told === undefined || AGAIN.has(told.status) || isInFlight(told)) continue;
    if (expected.includes(told.status)) return told;
    line.errors.push(`${path} ${told.status} ${told.text.slice(0, 300)}`);
    return undefined;
  }
  line.stuck++;
  return undefined;
}

function isInFlight({ status, text }: Told): boolean {
  return status === 409 && text.includes('idempotency_in_flight');
}
