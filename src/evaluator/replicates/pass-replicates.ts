import { addRanges } from './add-ranges.ts';
import { CURVE_REPLICATES, type CurveBlocks } from './curve-replicates.ts';
import type { Curve } from '../pooled/pooled-pass.ts';
import type { BlockPositives, RankedBlocks } from './ranked-blocks.ts';
import { createReplicateCounts, LANES, type ReplicateCounts, takeCounts } from './replicate-counts.ts';
import type { Resamples } from './resamples.ts';

/** Blocks that are passed at a time, so that their sums stay in a core's first cache. */
const BLOCKS_AT_A_TIME = 64;

/** Curves over one ranking in every replicate, NaN where undefined: the ranking is passed once for each `LANES` replicates. */
export function passReplicates(
  blocks: RankedBlocks,
  curves: readonly Curve[],
  resamples: Resamples,
): readonly Float64Array[] {
  const counts = createReplicateCounts(resamples);
  const rows = new Float64Array((2 * BLOCKS_AT_A_TIME + 1) * LANES);
  const ofSelections = blocks.positives.map((): CurveBlocks => ({
    size: 0,
    place: new Int32Array(BLOCKS_AT_A_TIME),
    rows,
    positives: new Float64Array((BLOCKS_AT_A_TIME + 1) * LANES),
  }));
  const values = curves.map(() => new Float64Array(resamples.replicates));
  for (let first = 0; first < resamples.replicates; first += LANES) {
    takeCounts(resamples, first, counts);
    const sums = sumCurves(blocks, curves, counts, rows, ofSelections);
    curves.forEach(({ kind, selection }, c) => {
      const { positives } = ofSelections[selection]!;
      for (let b = first; b < Math.min(first + LANES, resamples.replicates); b++) {
        const lane = b - first;
        values[c]![b] = CURVE_REPLICATES[kind].value(sums[c]![lane]!, positives[lane]!, rows[lane]!);
      }
    });
  }
  return values;
}

/** The sums of the curves, one a lane; entries 0 of `rows` and of the positives become the weights of all. */
function sumCurves(
  blocks: RankedBlocks,
  curves: readonly Curve[],
  counts: ReplicateCounts,
  rows: Float64Array,
  ofSelections: readonly CurveBlocks[],
): readonly Float64Array[] {
  const sums = curves.map(() => new Float64Array(LANES));
  const next = new Uint32Array(ofSelections.length);
  rows.fill(0, 0, LANES);
  for (const { positives } of ofSelections) positives.fill(0, 0, LANES);
  for (let block = 0; block < blocks.size; block += BLOCKS_AT_A_TIME) {
    const end = Math.min(block + BLOCKS_AT_A_TIME, blocks.size);
    addRanges(blocks.rows, 2 * block, 2 * (end - block), counts, rows);
    for (let h = 0; h < ofSelections.length; h++) {
      const found = ofSelections[h]!;
      const positives = blocks.positives[h]!;
      placeBlocks(positives, next[h]!, block, end, found);
      addRanges(positives.rows, next[h]!, found.size, counts, found.positives);
      next[h]! += found.size;
    }
    for (let c = 0; c < curves.length; c++) {
      const { kind, selection } = curves[c]!;
      CURVE_REPLICATES[kind].add(ofSelections[selection]!, sums[c]!);
    }
    for (const { positives, size } of ofSelections) carryOver(positives, size);
    carryOver(rows, 2 * (end - block));
  }
  addRanges(blocks.rows, 2 * blocks.size, 1, counts, rows);
  carryOver(rows, 1);
  return sums;
}

/** Finds a selection's blocks among those from `block` to `end`. */
function placeBlocks(
  { block: blocks, size }: BlockPositives,
  first: number,
  block: number,
  end: number,
  found: CurveBlocks,
): void {
  let k = first;
  for (; k < size && blocks[k]! < end; k++) found.place[k - first] = (2 * (blocks[k]! - block) + 1) * LANES;
  found.size = k - first;
}

/** What was added up so far is where the next sums begin. */
function carryOver(sums: Float64Array, entry: number): void {
  sums.copyWithin(0, entry * LANES, (entry + 1) * LANES);
}
