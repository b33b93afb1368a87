import type { HeadReliability, ReliabilityDiagram } from '../service/reliability-of-log.ts';

const WIDTH = 460;
const LEFT = 64;
const PLOT = 360;
const TOP = 44;
const HISTOGRAM_TOP = TOP + PLOT + 28;
const HISTOGRAM_HEIGHT = 110;
const HEIGHT = HISTOGRAM_TOP + HISTOGRAM_HEIGHT + 48;

const BEFORE = '#b3541e';
const AFTER = '#1f5fa8';

/** Ends of the axes: the first that all predictions and intervals fit in. */
const AXIS_ENDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

const TICKS = 5;

const BARS = 50;

/**
 * The reliability diagram of a head as an SVG document: predicted against observed with 95 % intervals, before and after
 * calibration, beside the diagonal of perfect calibration; below, on a logarithmic scale, how many rows have which
 * probability. Where all bins are low, both axes end early, and the title says where.
 */
export function reliabilitySvg({ head, calibration, before, after }: HeadReliability): string {
  const series = [
    { name: after === null ? 'scores' : 'before', table: before, colour: BEFORE },
    ...(after === null ? [] : [{ name: `after (${calibration})`, table: after, colour: AFTER }]),
  ];
  const most = Math.max(
    ...series.flatMap(({ table }) => table.bins.flatMap(({ meanPredicted, high }) => [meanPredicted, high])),
    0,
  );
  const end = AXIS_ENDS.find((each) => each >= most) ?? 1;
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 20, `${head}: predicted against observed`, 'start', 14),
    ...axes(end),
    ...series.flatMap(({ table, colour }) => points(table, end, colour)),
    ...legend(series),
    ...histograms(series, end),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
      'font-family="sans-serif" font-size="11" fill="#222222">',
    ...parts.map((part) => `  ${part}`),
    '</svg>',
    '',
  ].join('\n');
}

interface Series {
  readonly name: string;
  readonly table: ReliabilityDiagram;
  readonly colour: string;
}

function xOf(p: number, end: number): number {
  return LEFT + (PLOT * p) / end;
}

function yOf(p: number, end: number): number {
  return TOP + PLOT - (PLOT * p) / end;
}

function axes(end: number): readonly string[] {
  const ticks = Array.from({ length: TICKS + 1 }, (_, i) => (end * i) / TICKS);
  const bottom = HISTOGRAM_TOP + HISTOGRAM_HEIGHT;
  return [
    ...ticks.flatMap((p) => [
      line(xOf(p, end), TOP, xOf(p, end), TOP + PLOT, '#e4e4e4'),
      line(LEFT, yOf(p, end), LEFT + PLOT, yOf(p, end), '#e4e4e4'),
      text(LEFT - 6, yOf(p, end) + 4, label(p), 'end'),
      text(xOf(p, end), bottom + 16, label(p), 'middle'),
    ]),
    line(xOf(0, end), yOf(0, end), xOf(end, end), yOf(end, end), '#888888', '4 3'),
    `<rect x="${LEFT}" y="${TOP}" width="${PLOT}" height="${PLOT}" fill="none" stroke="#444444"/>`,
    text(LEFT + PLOT / 2, bottom + 36, 'predicted probability', 'middle'),
    `<text transform="translate(18 ${TOP + PLOT / 2}) rotate(-90)" text-anchor="middle">observed share of positives</text>`,
  ];
}

function points({ bins }: ReliabilityDiagram, end: number, colour: string): readonly string[] {
  const path = bins.map((bin) => `${round(xOf(bin.meanPredicted, end))},${round(yOf(bin.observed, end))}`);
  return [
    `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.2"/>`,
    ...bins.flatMap(({ meanPredicted, observed, low, high, rows }) => {
      const x = xOf(meanPredicted, end);
      return [
        line(x, yOf(low, end), x, yOf(high, end), colour),
        `<circle cx="${round(x)}" cy="${round(yOf(observed, end))}" r="3" fill="${colour}">` +
          `<title>${label(meanPredicted)} predicted, ${label(observed)} observed, ${rows} rows</title></circle>`,
      ];
    }),
  ];
}

function legend(series: readonly Series[]): readonly string[] {
  return series.flatMap(({ name, colour }, i) => {
    const y = TOP + 18 + 16 * i;
    return [
      `<circle cx="${LEFT + 14}" cy="${y - 4}" r="3" fill="${colour}"/>`,
      text(LEFT + 24, y, name, 'start'),
    ];
  });
}

/** Rows by probability, one outline a series, over the part of [0, 1] that the axes show; how many lie beyond is told. */
function histograms(series: readonly Series[], end: number): readonly string[] {
  const shown = series.map(({ table }) => shownBars(table.histogram, end));
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...shown.flat()) + 1)));
  const bottom = HISTOGRAM_TOP + HISTOGRAM_HEIGHT;
  // Of rows + 1, so that a bar without rows lies on the axis and one row shows.
  const height = (rows: number): number =>
    (HISTOGRAM_HEIGHT * Math.log10(rows + 1)) / Math.log10(10 ** decades + 1);
  const outline = (bars: readonly number[]): string => {
    const width = PLOT / bars.length;
    const steps = bars.flatMap((rows, b) => {
      const y = bottom - height(rows);
      return [
        [LEFT + b * width, y],
        [LEFT + (b + 1) * width, y],
      ] as const;
    });
    return [[LEFT, bottom] as const, ...steps, [LEFT + PLOT, bottom] as const]
      .map(([x, y]) => `${round(x)},${round(y)}`)
      .join(' ');
  };
  return [
    ...Array.from({ length: decades + 1 }, (_, decade) => {
      const y = bottom - height(10 ** decade);
      const rows = (10 ** decade).toLocaleString('en');
      return `${line(LEFT, y, LEFT + PLOT, y, '#e4e4e4')}${text(LEFT - 6, y + 4, rows, 'end')}`;
    }),
    `<rect x="${LEFT}" y="${HISTOGRAM_TOP}" width="${PLOT}" height="${HISTOGRAM_HEIGHT}" fill="none" stroke="#444444"/>`,
    text(LEFT + PLOT, HISTOGRAM_TOP - 8, histogramTitle(series, shown, end), 'end'),
    ...series.map(
      ({ colour }, i) =>
        `<polygon points="${outline(shown[i]!)}" fill="${colour}" fill-opacity="0.25" stroke="${colour}"/>`,
    ),
  ];
}

/** The bins up to the end of the axis, brought together into as many bars as are drawn. */
function shownBars(histogram: readonly number[], end: number): readonly number[] {
  const bars = Array.from({ length: BARS }, () => 0);
  const inside = Math.round(histogram.length * end);
  for (let b = 0; b < inside; b++) bars[Math.floor((b * BARS) / inside)]! += histogram[b]!;
  return bars;
}

function histogramTitle(
  series: readonly Series[],
  shown: readonly (readonly number[])[],
  end: number,
): string {
  const beyond = series.flatMap(({ name, table: { histogram } }, i) => {
    const rows = total(histogram) - total(shown[i]!);
    return rows === 0 ? [] : [`${name} ${rows.toLocaleString('en')}`];
  });
  const rest = beyond.length === 0 ? '' : `; beyond ${label(end)}: ${beyond.join(', ')}`;
  return `rows by probability, logarithmic${rest}`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, dashes?: string): string {
  const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"${dashed}/>`;
}

function text(
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end',
  size?: number,
): string {
  const sized = size === undefined ? '' : ` font-size="${size}"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${sized}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
