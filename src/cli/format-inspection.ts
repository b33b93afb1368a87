import type { CalibrationFit, HeadReport, LogInspection, ReliabilityBin } from '../service/inspect-log.ts';
import { formatNumber } from './format-number.ts';
import { type Column, textTable, wrapWords } from './text-table.ts';

/** What fits a terminal whose width is not known, as where the report goes into a file. */
const DEFAULT_WIDTH = 80;

const LEFT = (title: string): Column => ({ title, align: 'left' });
const RIGHT = (title: string): Column => ({ title, align: 'right' });

/** A report on a log for a person: counts, labels, scores, calibration, reliability of each head, warnings; at most `width` wide. */
export function formatInspection(inspection: LogInspection, width = DEFAULT_WIDTH): string {
  const heads = Object.entries(inspection.heads);
  return [
    rowsText(inspection, width),
    labelTable(heads, inspection.rows, width),
    calibrationTable(heads, width),
    wrapWords(ECE_BINS, width).join('\n'),
    ...heads.flatMap(([name, report]) => reliabilityTables(name, report, width)),
    warningsText(inspection, width),
  ].join('\n\n');
}

const ECE_BINS =
  'ECE width: over ten bins of equal width, ECE rows: of equal rows; a sweep reports ece over fifteen, unless bins=10 is said.';

type Heads = readonly (readonly [string, HeadReport])[];

function rowsText(inspection: LogInspection, width: number): string {
  const { files, rows, droppedRows, requests, requestsWithOneRow, rowsOfLargestRequest } = inspection;
  const { duplicates, users, times, lastPosition, segments } = inspection;
  const lines = [
    files.length === 1 ? files[0]! : `${count(files.length)} files, ${files[0]} to ${files.at(-1)}`,
    `${count(rows)} impressions in ${count(requests)} requests of up to ${count(rowsOfLargestRequest)} rows; ${count(requestsWithOneRow)} requests have one row`,
    `${count(duplicates)} duplicates; ${count(droppedRows)} rows dropped for a null score`,
    ...(users === null ? [] : [`${count(users)} users`]),
    ...(times === null ? [] : [`times from ${times.first} to ${times.last}`]),
    ...(lastPosition === null ? [] : [`places 1 to ${count(lastPosition)}`]),
    ...propensityLines(inspection),
    ...(segments === null ? [] : [`segments: ${segments.length === 0 ? 'none' : segments.join(', ')}`]),
  ];
  return lines.flatMap((line) => wrapWords(line, width)).join('\n');
}

function propensityLines({ propensities, rows }: LogInspection): readonly string[] {
  if (propensities === null) return [];
  const { meanWeight, largestWeight, effectiveSampleSize, clipped, support } = propensities;
  const shares = clipped.map(({ clip, share }) => `${clip} ${(100 * share).toFixed(1)} %`);
  return [
    `propensities p: 1/p is ${meanWeight.toPrecision(3)} on average and at most ${largestWeight.toPrecision(3)}, an effective sample of ` +
      `${count(Math.round(effectiveSampleSize))} of ${count(rows)} rows`,
    `rows that a clip of 1/p would change: ${shares.join(', ')}`,
    `pairs of a row and a place of its request that p says could be shown: ${(100 * support).toFixed(1)} %`,
  ];
}

function labelTable(heads: Heads, rows: number, width: number): string {
  return textTable(
    [
      LEFT('head'),
      ...['positives', 'negatives', 'missing', 'base rate', 'lowest score', 'highest'].map(RIGHT),
    ],
    heads.map(([name, { positives, negatives, missing, baseRate, score }]) => [
      name,
      count(positives),
      count(negatives),
      missing === 0 ? '0' : `${((100 * missing) / rows).toFixed(1)} %`,
      number(baseRate),
      number(score.lowest),
      number(score.highest),
    ]),
    width,
  );
}

function calibrationTable(heads: Heads, width: number): string {
  return textTable(
    [LEFT('calibration'), ...['mean', 'base rate', 'ECE width', 'ECE rows', 'Brier', 'log loss'].map(RIGHT)],
    heads.flatMap(([name, { baseRate, before, after, calibration, negativeKeepRate }]) =>
      calibration === 'none'
        ? [calibrationRow(name, 'as logged', baseRate, before)]
        : [
            calibrationRow(name, 'before', baseRate, before),
            calibrationRow(
              name,
              calibration === 'beta' ? `β ${negativeKeepRate}` : calibration,
              baseRate,
              after,
            ),
          ],
    ),
    width,
  );
}

function calibrationRow(
  name: string,
  when: string,
  baseRate: number | null,
  fit: CalibrationFit | null,
): string[] {
  const values = [fit?.mean, baseRate, fit?.ece.uniform, fit?.ece.quantile, fit?.brier, fit?.logLoss];
  return [`${name} ${when}`, ...values.map((value) => number(value ?? null))];
}

/** A table of ten bins of equal width and one of equal rows; after calibration beside before, where there is one. */
function reliabilityTables(name: string, report: HeadReport, width: number): readonly string[] {
  const { before, after, calibration } = report;
  if (before === null || after === null) return [];
  const calibrated = calibration !== 'none';
  const pair = calibrated ? ['score', 'observed', 'rows', 'calibrated', 'observed'] : ['score', 'observed'];
  const uniform = textTable(
    [LEFT(`${name}: up to`), ...['rows', ...pair].map(RIGHT)],
    before.reliability.uniform.map((bin, b) => {
      const other = after.reliability.uniform[b]!;
      const shown = [number(bin.to), count(bin.rows), number(bin.meanProbability), number(bin.observedRate)];
      return calibrated
        ? [...shown, count(other.rows), number(other.meanProbability), number(other.observedRate)]
        : shown;
    }),
    width,
  );
  const means = calibrated ? ['score', 'calibrated', 'observed', '± 1 se'] : ['score', 'observed', '± 1 se'];
  const quantile = textTable(
    [LEFT(`${name}: score up to`), ...['rows', ...means].map(RIGHT)],
    before.reliability.quantile.map((bin, b) => quantileRow(bin, after.reliability.quantile[b]!, calibrated)),
    width,
  );
  return [uniform, quantile];
}

function quantileRow(bin: ReliabilityBin, after: ReliabilityBin, calibrated: boolean): readonly string[] {
  return [
    number(bin.to),
    count(bin.rows),
    number(bin.meanProbability),
    ...(calibrated ? [number(after.meanProbability)] : []),
    number(bin.observedRate),
    number(after.standardError),
  ];
}

function warningsText({ warnings }: LogInspection, width: number): string {
  if (warnings.length === 0) return 'No warnings.';
  const title = warnings.length === 1 ? '1 warning:' : `${warnings.length} warnings:`;
  const lines = warnings.flatMap(({ head, text }) => {
    const [first, ...others] = wrapWords(head === undefined ? text : `${head}: ${text}`, width - 2);
    return [`- ${first}`, ...others.map((line) => `  ${line}`)];
  });
  return [title, ...lines].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

function number(value: number | null): string {
  if (value === null) return '-';
  if (value === 0 || Number.isInteger(value)) return String(value);
  const text = formatNumber(value);
  return text.includes('e') ? String(Number(value.toPrecision(3))) : text.slice(0, 8);
}
