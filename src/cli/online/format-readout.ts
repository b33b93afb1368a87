import { plannedShares } from '../../domain/experiment.ts';
import type { OnlineDefinition } from '../../domain/online.ts';
import type { ImportedReadout } from '../../service/import-readout.ts';
import type { StoredExperiment } from '../../service/read-experiments.ts';
import type { ReadoutFile } from '../../service/read-readout-file.ts';
import { shellWord } from '../next-steps.ts';
import { textTable, wrapWords } from '../text-table.ts';

export interface ReadoutReport {
  readonly experiment: StoredExperiment;
  readonly read: ReadoutFile;
  readonly imported: ImportedReadout;
  readonly online: OnlineDefinition;
  readonly db: string;
}

/** What was read, what the gates found, and how it is stored. */
export function formatReadout(
  { experiment, read, imported, online, db }: ReadoutReport,
  width = Infinity,
): string {
  const { readout, isNew } = imported;
  const { number, study } = experiment;
  const { units, metrics, window } = readout.readout;
  const total = Object.values(units).reduce((sum, count) => sum + count, 0);
  const what = isNew
    ? `is stored as readout ${readout.revision}${readout.revision > 1 ? ', in place of the one before, which is kept' : ''}`
    : `was stored before as readout ${readout.revision}: nothing has changed`;
  const headline = `Round ${number} of ${study}, ${window.start} to ${window.end}: ${total.toLocaleString('en')} users ${what}.`;
  const lines = [
    ...fileLines(read),
    `Metrics: ${Object.keys(metrics).join(', ')}.`,
    ...missingLines(online, Object.keys(metrics)),
    ...readout.findings.map(({ gate, severity, metric, arm, message }) => {
      const place = [metric, arm].filter((part) => part !== null).join(', ');
      const kind = severity === 'refuse' ? 'Forced' : 'Warning';
      return `${kind} (${gate}): ${place === '' ? '' : `${place} `}${message}.`;
    }),
  ];
  const next = `Next: npx pondera analyse ${study} --round ${number} --db ${shellWord(db)}`;
  return [
    wrapWords(headline, width).join('\n'),
    unitTable(experiment, units, total),
    lines.map((line) => wrapWords(line, width).join('\n')).join('\n'),
    next,
  ].join('\n\n');
}

/** What a recommendation needs of some round, where this one does not have it. */
function missingLines(
  { objective, guardrails }: OnlineDefinition,
  present: readonly string[],
): readonly string[] {
  const needed = new Set([objective.metric, ...guardrails.map(({ metric }) => metric)]);
  const missing = [...needed].filter((metric) => !present.includes(metric));
  if (missing.length === 0) return [];
  return [
    `Warning: without ${missing.join(', ')}, which the objective or a guardrail is of: a recommendation needs it of some round.`,
  ];
}

function unitTable(
  experiment: StoredExperiment,
  units: Readonly<Record<string, number>>,
  total: number,
): string {
  const shares = plannedShares(experiment);
  const whole = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return textTable(
    [
      { title: 'arm', align: 'left' },
      { title: 'users', align: 'right' },
      { title: 'share', align: 'right' },
      { title: 'planned', align: 'right' },
    ],
    Object.entries(units).map(([arm, count]) => [
      arm,
      count.toLocaleString('en'),
      percent(count / total),
      shares[arm] === undefined ? '-' : percent(shares[arm] / whole),
    ]),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function fileLines(read: ReadoutFile): readonly string[] {
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
