import type { StoredReadout } from '../../store/readouts.ts';

/** In one sentence, which rounds' readouts count although gates refused them, and why; none where nobody forced any. */
export function forcedNotes(
  readouts: readonly Pick<StoredReadout, 'experiment' | 'forced' | 'forceReason'>[],
  upTo = Infinity,
): readonly string[] {
  const told = readouts
    .filter(({ experiment, forced }) => experiment <= upTo && forced.length > 0)
    .map(({ experiment, forced, forceReason }) => {
      const why = forceReason === null ? 'no reason was given' : JSON.stringify(forceReason);
      return `that of round ${experiment} past ${forced.join(', ')} (${why})`;
    });
  if (told.length === 0) return [];
  return [`Readouts were forced past gates that refused them: ${told.join('; ')}.`];
}
