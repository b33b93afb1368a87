import { plannedShares } from '../../domain/experiment.ts';
import type { OnlineDefinition } from '../../domain/online.ts';
import type { ImportedReadout } from '../../service/import-readout.ts';
import type { StoredExperiment } from '../../service/read-experiments.ts';
import type { ReadoutFile } from '../../service/read-readout-file.ts';
import { fileRemarks, missingRemarks } from '../../service/readout-remarks.ts';
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
    ...fileRemarks(read),
    `Metrics: ${Object.keys(metrics).join(', ')}.`,
    ...missingRemarks(online, Object.keys(metrics)).map((remark) => `Warning: ${remark}`),
    ...readout.findings.map(({ gate, severity, metric, arm, message }) => {
      const place = [metric, arm].filter((part) => part !== null).join(', ');
      const kind = severity === 'refuse' ? 'Forced' : 'Warning';
      return `${kind} (${gate}): ${place === '' ? '' : `${place} `}${message}.`;
    }),
    ...(readout.forceReason === null ? [] : [`Why it was forced: ${readout.forceReason}`]),
  ];
  const next = `Next: npx pondera analyse ${study} --round ${number} --db ${shellWord(db)}`;
  return [
    wrapWords(headline, width).join('\n'),
    unitTable(experiment, units, total),
    lines.map((line) => wrapWords(line, width).join('\n')).join('\n'),
    next,
  ].join('\n\n');
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
