import { BARE_COLUMNS } from '../../bench/bare-columns.ts';
import { countLabels } from '../../src/evaluator/calibration-report.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';

/** An impression with the place where it was shown, and how likely that was. */
export interface PlacedRow {
  readonly utility: number;
  /** A grade from 0, null where missing. */
  readonly label: number | null;
  readonly weight: number;
  readonly place: number;
  readonly propensity: number;
  readonly segment?: string;
}

const SEGMENTS = ['new', 'old'];

/** A log of one head, `click`, whose utilities are its logged scores; its grades are 0 to 3. */
export function placedLog(requests: readonly (readonly PlacedRow[])[]): EngagementLog {
  const rows = requests.flat();
  const offsets = int32(requests.reduce((at, request) => [...at, at.at(-1)! + request.length], [0]));
  const grade = int8(rows.map(({ label }) => label ?? -1));
  const label = int8(rows.map((row) => Math.min(row.label ?? -1, 1)));
  return {
    ...BARE_COLUMNS,
    rows: rows.length,
    requests: requests.length,
    droppedRows: 0,
    requestOffsets: offsets,
    heads: [
      {
        name: 'click',
        sign: 1,
        probability: float64(rows.map(() => 0.5)),
        label,
        grade,
        calibration: {
          negativeKeepRate: 1,
          ...countLabels(label, offsets),
          baseRate: undefined,
          before: undefined,
          after: undefined,
        },
      },
    ],
    baselineScore: float64(rows.map(({ utility }) => utility)),
    weight: float64(rows.map(({ weight }) => weight)),
    displayPropensity: float64(rows.map(({ propensity }) => propensity)),
    position: int32(rows.map(({ place }) => place)),
    segment: {
      names: SEGMENTS,
      code: int8(rows.map(({ segment }) => (segment === undefined ? -1 : SEGMENTS.indexOf(segment)))),
    },
  };
}

function int8(values: readonly number[]): Int8Array<SharedArrayBuffer> {
  const array = new Int8Array(new SharedArrayBuffer(values.length));
  array.set(values);
  return array;
}

function int32(values: readonly number[]): Int32Array<SharedArrayBuffer> {
  const array = new Int32Array(new SharedArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}

function float64(values: readonly number[]): Float64Array<SharedArrayBuffer> {
  const array = new Float64Array(new SharedArrayBuffer(8 * values.length));
  array.set(values);
  return array;
}
