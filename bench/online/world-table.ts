import { median } from '../../math/statistics.ts';
import { shareInterval } from './intervals.ts';
import type { WorldCheck } from './world-check.ts';
import { HEADS } from './world/heads.ts';
import type { Kind } from './world/kinds.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The properties of the worlds of a kind, in lines for a reader. */
export function worldLines(kind: Kind, checks: readonly WorldCheck[]): readonly string[] {
  const n = checks.length;
  const worse = checks.filter(({ offlineLift }) => offlineLift < 0).length;
  const violates = checks.filter(({ offlineViolates }) => offlineViolates).length;
  const share = (count: number): string => {
    const [low, high] = shareInterval(count, n);
    return `${percent(count / n)} (${percent(low)} to ${percent(high)})`;
  };
  const correlations = HEADS.map((head, t) => {
    const sorted = checks.map((check) => check.correlations[t]!).toSorted((a, b) => a - b);
    const at = (q: number): string => sorted[Math.round(q * (n - 1))]!.toFixed(2);
    return `${head} ${at(0.5)} (${at(0.1)} to ${at(0.9)})`;
  });
  return [
    `${kind}: ${n} worlds; offline optimum truly below the baseline in ${share(worse)}, violates a guardrail in ${share(violates)}`,
    `  correlation of log and truth, median (10 % to 90 %): ${correlations.join(', ')}`,
    `  median lift of the true optimum ${percent(median(checks.map(({ optimumLift }) => optimumLift)))}, of the offline optimum ${percent(median(checks.map(({ offlineLift }) => offlineLift)))}`,
  ];
}
