import { LOG_BINS_PER_DECADE, LOG_DECADES, type ReliabilityDiagram } from '../service/inspect-log.ts';

/** An axis of probabilities, for both sides of a reliability diagram and its histogram. */
export interface ProbabilityAxis {
  readonly scale: 'linear' | 'logarithmic';
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Where p lies, 0 at `from` and 1 at `to`; what lies beyond is put at the end. */
  readonly place: (p: number) => number;
  /** Rows by bars of equal width on the axis. */
  readonly bars: (diagram: ReliabilityDiagram) => readonly number[];
}

/** Ends of a linear axis: the first that all predictions and intervals fit in. */
const AXIS_ENDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

const TICKS = 5;
const BARS = 50;

/** Where fewer than this share of the points lie above a tenth of a linear axis, the others would be a heap in its corner. */
const SHARE_OF_POINTS = 0.5;
const CORNER = 0.1;

/** Up to so many decades have ticks at 2 and 5 as well. */
const FEW_DECADES = 2;

/** The axis on which the points of these diagrams are told apart: linear, or logarithmic where most of them are low. */
export function probabilityAxis(diagrams: readonly ReliabilityDiagram[]): ProbabilityAxis {
  const bins = diagrams.flatMap((diagram) => diagram.bins);
  const most = Math.max(...bins.flatMap(({ meanPredicted, high }) => [meanPredicted, high]), 0);
  const end = AXIS_ENDS.find((each) => each >= most) ?? 1;
  const apart = bins.filter(({ meanPredicted }) => meanPredicted > CORNER * end);
  if (apart.length >= SHARE_OF_POINTS * bins.length) return linearAxis(end);
  const values = bins.flatMap(({ meanPredicted, observed }) => [meanPredicted, observed]);
  const least = Math.min(...values.filter((value) => value > 0));
  const last = Math.ceil(Math.log10(most));
  return logarithmicAxis(Math.min(last - 1, Math.max(-LOG_DECADES, Math.floor(Math.log10(least)))), last);
}

function linearAxis(to: number): ProbabilityAxis {
  return {
    scale: 'linear',
    from: 0,
    to,
    ticks: Array.from({ length: TICKS + 1 }, (_, i) => (to * i) / TICKS),
    place: (p) => clamp(p / to),
    bars: ({ histogram }) => {
      const bars = Array.from({ length: BARS }, () => 0);
      const inside = Math.round(histogram.length * to);
      for (let b = 0; b < inside; b++) bars[Math.floor((b * BARS) / inside)]! += histogram[b]!;
      return bars;
    },
  };
}

/** From 10^first to 10^last. */
function logarithmicAxis(first: number, last: number): ProbabilityAxis {
  const mantissas = last - first <= FEW_DECADES ? [1, 2, 5] : [1];
  const decades = Array.from({ length: last - first }, (_, i) => first + i);
  const ticks = decades.flatMap((decade) => mantissas.map((mantissa) => Number(`${mantissa}e${decade}`)));
  return {
    scale: 'logarithmic',
    from: Number(`1e${first}`),
    to: Number(`1e${last}`),
    ticks: [...ticks, Number(`1e${last}`)],
    place: (p) => clamp((Math.log10(p) - first) / (last - first)),
    bars: ({ logHistogram }) =>
      logHistogram.slice(
        (LOG_DECADES + first) * LOG_BINS_PER_DECADE,
        (LOG_DECADES + last) * LOG_BINS_PER_DECADE,
      ),
  };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
