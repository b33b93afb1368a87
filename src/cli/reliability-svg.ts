import type { HeadReliability, ReliabilityDiagram } from '../service/inspect-log.ts';
import { type ProbabilityAxis, probabilityAxis } from './probability-axis.ts';
import { rounded, svgFrame, svgLine, svgPoints, svgText } from './svg-elements.ts';

const WIDTH = 480;
const LEFT = 78;
const PLOT = 360;
const TOP = 44;
/** Of the plot of predicted against observed. */
const BOTTOM = TOP + PLOT;
const HISTOGRAM_TOP = BOTTOM + 52;
const HISTOGRAM_HEIGHT = 110;
const HISTOGRAM_BOTTOM = HISTOGRAM_TOP + HISTOGRAM_HEIGHT;
const HEIGHT = HISTOGRAM_BOTTOM + 48;
/** Baselines of the labels of vertical axes. */
const TITLE_X = 18;

const BEFORE = '#b3541e';
const AFTER = '#1f5fa8';
const GRID = '#e4e4e4';
const FRAME = '#444444';
const PERFECT = '#777777';

/**
 * The reliability diagram of a head as an SVG document: predicted against observed with 95 % intervals, before (open points) and
 * after calibration (filled), beside the diagonal of perfect calibration; below, how many rows have which probability, on a
 * logarithmic scale. Where all bins are low, both axes end early; where most are, they are logarithmic. Rows that lie beyond
 * the axis are told.
 */
export function reliabilitySvg({ head, calibration, before, after }: HeadReliability): string {
  const series: readonly Series[] = [
    { name: after === null ? 'scores' : 'before', diagram: before, colour: BEFORE, fill: '#ffffff' },
    ...(after === null
      ? []
      : [{ name: `after (${calibration})`, diagram: after, colour: AFTER, fill: AFTER }]),
  ];
  const axis = probabilityAxis(series.map(({ diagram }) => diagram));
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    svgText(LEFT, 24, `${head}: predicted against observed`, { size: 14 }),
    ...axes(axis),
    ...series.flatMap((each) => points(each, axis)),
    ...legend(series),
    ...histograms(series, axis),
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
  readonly diagram: ReliabilityDiagram;
  readonly colour: string;
  /** Of its points. */
  readonly fill: string;
}

function xOf(axis: ProbabilityAxis, p: number): number {
  return LEFT + PLOT * axis.place(p);
}

function yOf(axis: ProbabilityAxis, p: number): number {
  return BOTTOM - PLOT * axis.place(p);
}

function axes(axis: ProbabilityAxis): readonly string[] {
  return [
    ...axis.ticks.flatMap((p) => {
      const [x, y] = [xOf(axis, p), yOf(axis, p)];
      return [
        svgLine([x, TOP], [x, BOTTOM], GRID),
        svgLine([LEFT, y], [LEFT + PLOT, y], GRID),
        svgLine([x, HISTOGRAM_TOP], [x, HISTOGRAM_BOTTOM], GRID),
        svgText(LEFT - 6, y + 4, label(p), { anchor: 'end' }),
        svgText(x, BOTTOM + 16, label(p), { anchor: 'middle' }),
        svgText(x, HISTOGRAM_BOTTOM + 16, label(p), { anchor: 'middle' }),
      ];
    }),
    svgLine([LEFT, BOTTOM], [LEFT + PLOT, TOP], PERFECT, '4 3'),
    svgFrame(LEFT, TOP, PLOT, PLOT, FRAME),
    svgText(TITLE_X, TOP + PLOT / 2, 'observed share of positives', { anchor: 'middle', turned: true }),
    svgText(LEFT + PLOT / 2, HISTOGRAM_BOTTOM + 36, 'predicted probability', { anchor: 'middle' }),
  ];
}

function points({ diagram: { bins }, colour, fill }: Series, axis: ProbabilityAxis): readonly string[] {
  const path = bins.map(
    ({ meanPredicted, observed }) => [xOf(axis, meanPredicted), yOf(axis, observed)] as const,
  );
  return [
    `<polyline points="${svgPoints(path)}" fill="none" stroke="${colour}" stroke-width="1.2"/>`,
    ...bins.flatMap(({ meanPredicted, observed, low, high, rows }) => {
      const x = xOf(axis, meanPredicted);
      return [
        svgLine([x, yOf(axis, low)], [x, yOf(axis, high)], colour),
        `<circle cx="${rounded(x)}" cy="${rounded(yOf(axis, observed))}" r="3" fill="${fill}" stroke="${colour}">` +
          `<title>${label(meanPredicted)} predicted, ${label(observed)} observed, ${rows} rows</title></circle>`,
      ];
    }),
  ];
}

function legendY(entry: number): number {
  return TOP + 18 + 16 * entry;
}

function legend(series: readonly Series[]): readonly string[] {
  return [
    ...series.flatMap(({ name, colour, fill }, i) => [
      `<circle cx="${LEFT + 20}" cy="${legendY(i) - 4}" r="3" fill="${fill}" stroke="${colour}"/>`,
      svgText(LEFT + 36, legendY(i), name),
    ]),
    svgLine([LEFT + 10, legendY(series.length) - 4], [LEFT + 30, legendY(series.length) - 4], PERFECT, '4 3'),
    svgText(LEFT + 36, legendY(series.length), 'perfect'),
  ];
}

/** Rows by probability, one outline a series, over the part of [0, 1] that the axis shows; how many lie beyond is told. */
function histograms(series: readonly Series[], axis: ProbabilityAxis): readonly string[] {
  const shown = series.map(({ diagram }) => axis.bars(diagram));
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...shown.flat()) + 1)));
  // Of rows + 1, so that a bar without rows lies on the axis and one row shows.
  const height = (rows: number): number =>
    (HISTOGRAM_HEIGHT * Math.log10(rows + 1)) / Math.log10(10 ** decades + 1);
  const outline = (bars: readonly number[]): string => {
    const width = PLOT / bars.length;
    const steps = bars.flatMap((rows, b) => {
      const y = HISTOGRAM_BOTTOM - height(rows);
      return [[LEFT + b * width, y] as const, [LEFT + (b + 1) * width, y] as const];
    });
    return svgPoints([[LEFT, HISTOGRAM_BOTTOM], ...steps, [LEFT + PLOT, HISTOGRAM_BOTTOM]]);
  };
  return [
    ...Array.from({ length: decades + 1 }, (_, decade) => {
      const y = HISTOGRAM_BOTTOM - height(10 ** decade);
      const rows = svgText(LEFT - 6, y + 4, compact(10 ** decade), { anchor: 'end' });
      return `${svgLine([LEFT, y], [LEFT + PLOT, y], GRID)}${rows}`;
    }),
    svgText(TITLE_X, HISTOGRAM_TOP + HISTOGRAM_HEIGHT / 2, 'rows (logarithmic)', {
      anchor: 'middle',
      turned: true,
    }),
    ...beyond(series, shown, axis),
    ...series.map(
      ({ colour }, i) =>
        `<polygon points="${outline(shown[i]!)}" fill="${colour}" fill-opacity="0.25" stroke="${colour}"/>`,
    ),
    svgFrame(LEFT, HISTOGRAM_TOP, PLOT, HISTOGRAM_HEIGHT, FRAME),
  ];
}

function beyond(
  series: readonly Series[],
  shown: readonly (readonly number[])[],
  { from, to }: ProbabilityAxis,
): readonly string[] {
  const counts = series.flatMap(({ name, diagram: { histogram } }, i) => {
    const rows = total(histogram) - total(shown[i]!);
    return rows === 0 ? [] : [`${name} ${rows.toLocaleString('en')}`];
  });
  if (counts.length === 0) return [];
  const text = `rows outside ${label(from)} to ${label(to)}: ${counts.join(', ')}`;
  return [svgText(LEFT + PLOT, HISTOGRAM_TOP - 8, text, { anchor: 'end' })];
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** 10k, 1M. */
function compact(rows: number): string {
  if (rows < 1e3) return String(rows);
  return rows < 1e6 ? `${rows / 1e3}k` : `${rows / 1e6}M`;
}

function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}
