import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { RaceAnswer } from './race.ts';
import type { WorldJob } from './world-check.ts';

/** Races that were run before, and where to keep more. */
export interface KeptRaces {
  readonly of: (job: WorldJob) => RaceAnswer | undefined;
  readonly keep: (job: WorldJob, answer: RaceAnswer) => void;
}

const keyOf = ({ kind, seed }: WorldJob): string => `${kind} ${seed}`;

/**
 * Keeps races in a file, one line of JSON each, so that a run that was broken off goes on where it ended; without a file it
 * keeps none.
 *
 * Nothing tells answers of another version of the strategies apart: a file is for one version. A last line that was not
 * written out is left out. Throws on a file with any other line that is no race.
 */
export function keptRaces(file: string | undefined): KeptRaces {
  if (file === undefined) return { of: () => undefined, keep: () => undefined };
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [''];
  // What follows the last line's end.
  const brokenOff = lines.pop();
  const races = new Map(
    lines.map((line, i): [string, RaceAnswer] => {
      try {
        const { job, answer } = JSON.parse(line) as { job: WorldJob; answer: RaceAnswer };
        return [keyOf(job), answer];
      } catch {
        throw new Error(`${file}:${i + 1} is no race: expected lines that bench:online wrote`);
      }
    }),
  );
  if (brokenOff !== '') writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return {
    of: (job) => races.get(keyOf(job)),
    keep: (job, answer) => appendFileSync(file, `${JSON.stringify({ job, answer })}\n`),
  };
}
