import type { OnlineDefinition } from '../domain/online.ts';
import type { ReadoutFile } from './read-readout-file.ts';

/** What is to be known of how a file was read, in sentences. */
export function fileRemarks(read: ReadoutFile): readonly string[] {
  if (read.form !== 'users') return [];
  const { rows, units, zeros, several } = read.readout;
  const users = Object.values(units).reduce((sum, count) => sum + count, 0);
  return [
    rows === users
      ? `Read from ${rows.toLocaleString('en')} rows, one a user.`
      : `Read from ${rows.toLocaleString('en')} rows, those of each user summed.`,
    ...Object.entries(several).map(
      ([metric, count]) =>
        `${metric}: ${count.toLocaleString('en')} users have more than one; a propensity counts each user once.`,
    ),
    ...(zeros === 0 ? [] : [`${zeros.toLocaleString('en')} empty numbers were taken for 0.`]),
  ];
}

/** What a recommendation needs of some round, where this one does not have it. */
export function missingRemarks(
  { objective, guardrails }: OnlineDefinition,
  present: readonly string[],
): readonly string[] {
  const needed = new Set([objective.metric, ...guardrails.map(({ metric }) => metric)]);
  const missing = [...needed].filter((metric) => !present.includes(metric));
  if (missing.length === 0) return [];
  return [
    `without ${missing.join(', ')}, which the objective or a guardrail is of: a recommendation needs it of some round.`,
  ];
}
