import type { EngagementLog } from './engagement-log.ts';

/** The heads that have a request with a positive and a negative that both weigh something: ranked alike pooled and within. */
export function comparableHeads({
  heads,
  requests,
  requestOffsets,
  weight,
}: EngagementLog): readonly string[] {
  const comparable = heads.filter(({ label }) => {
    for (let r = 0; r < requests; r++) {
      let [positive, negative] = [false, false];
      for (let i = requestOffsets[r]!; i < requestOffsets[r + 1]!; i++) {
        if (weight !== undefined && weight[i] === 0) continue;
        if (label[i] === 1) positive = true;
        else if (label[i] === 0) negative = true;
      }
      if (positive && negative) return true;
    }
    return false;
  });
  return comparable.map(({ name }) => name);
}
