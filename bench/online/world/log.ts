import { BARE_COLUMNS } from '../../bare-columns.ts';
import { type Random } from '../../../math/random.ts';
import type { EngagementLog, HeadColumns } from '../../../src/evaluator/engagement-log.ts';
import { type Candidates, drawRequest, emptyCandidates, shifted } from './draw-request.ts';
import type { WorldParameters } from './draw-world.ts';
import { HEADS, SIGNS } from './heads.ts';
import { COMMON_PRIOR } from './kinds.ts';
import { rankSlate } from './slate.ts';

/**
 * The log that the older ranker left behind, as the evaluator takes it.
 *
 * Each request shows the best eight of its candidates by the older weights, or in exploring requests eight at random in
 * random order; a label is 1 where the item was examined at its place, engaged with, and the engagement had arrived. What
 * was not shown is not in the log. Labels `of other rows` are of candidates that have nothing to do with the scores beside
 * them, at the same places. Where a head was trained on the log's own labels, a positive one lifts its score.
 */
export function drawLog(world: WorldParameters, random: Random): EngagementLog {
  const { logRequests: requests, logSlots: slots, candidates: count } = COMMON_PRIOR;
  const rows = requests * slots;
  const heads = HEADS.map((name, t): HeadColumns => ({
    name,
    sign: SIGNS[t]!,
    probability: new Float64Array(new SharedArrayBuffer(8 * rows)),
    label: new Int8Array(new SharedArrayBuffer(rows)),
    grade: undefined,
    calibration: {} as HeadColumns['calibration'],
  }));
  const requestOffsets = new Int32Array(new SharedArrayBuffer(4 * (requests + 1)));
  const candidates = emptyCandidates(count);
  const slate = new Int32Array(slots);
  const utility = new Float64Array(slots);
  const label = new Int8Array(HEADS.length);
  const strangers = emptyCandidates(count);
  const own = world.labels === 'of their rows';
  for (let r = 0; r < requests; r++) {
    requestOffsets[r + 1] = (r + 1) * slots;
    const user = COMMON_PRIOR.userSpread * random.normal();
    const intent = COMMON_PRIOR.intentSpread * random.normal();
    drawRequest(world, user, intent, random, candidates, 0, count);
    // Labels of a request that nothing here is known of: what a join on the wrong key leaves.
    if (!own) drawRequest(world, user, intent, random, strangers, 0, count);
    if (random.uniform() < world.exploration) shuffledSlate(count, slate, random);
    else rankSlate(candidates, 0, count, world.loggingWeights, slate, utility);
    for (let s = 0; s < slots; s++) {
      drawLabels(world, own ? candidates : strangers, slate[s]!, s, random, label);
      heads.forEach(({ probability, label: column }, t) => {
        const leaked = label[t] === 1 ? world.leak[t]! : 0;
        probability[r * slots + s] = shifted(candidates.belief[t]![slate[s]!]!, leaked);
        column[r * slots + s] = label[t]!;
      });
    }
  }
  return {
    ...BARE_COLUMNS,
    rows,
    requests,
    droppedRows: 0,
    requestOffsets,
    heads,
  };
}

/** The first of `count` rows in random order. */
function shuffledSlate(count: number, slate: Int32Array, random: Random): void {
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  for (let s = 0; s < slate.length; s++) {
    const other = s + random.integer(count - s);
    [rows[s], rows[other]] = [rows[other]!, rows[s]!];
    slate[s] = rows[s]!;
  }
}

function drawLabels(
  { examination, maturity }: WorldParameters,
  { truth }: Candidates,
  row: number,
  slot: number,
  random: Random,
  label: Int8Array,
): void {
  const [click, save, longClick, hide] = [truth[0]![row]!, truth[1]![row]!, truth[2]![row]!, truth[3]![row]!];
  label.fill(0);
  if (random.uniform() >= examination[slot]!) return;
  const clicked = random.uniform() < click;
  if (clicked && random.uniform() < maturity[0]!) label[0] = 1;
  if (random.uniform() < save * maturity[1]!) label[1] = 1;
  if (clicked && random.uniform() < (longClick / click) * maturity[2]!) label[2] = 1;
  if (random.uniform() < hide * maturity[3]!) label[3] = 1;
}
