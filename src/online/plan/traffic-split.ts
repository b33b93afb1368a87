/** How many units each group of an experiment gets: K arms alike, and the control. */
export interface TrafficSplit {
  readonly arms: number;
  readonly controlUnits: number;
  readonly armUnits: number;
}

/**
 * The control's share of the traffic that makes every comparison of K arms with it as sharp as can be: √K/(K + √K) = 1/(1 + √K).
 *
 * It minimises 1/n_0 + 1/n_1 at n_0 + K·n_1 fixed. Throws RangeError unless K is a whole number from 1.
 * Source: Dunnett 1955.
 */
export function sharpestControlShare(arms: number): number {
  checkArms(arms);
  return 1 / (1 + Math.sqrt(arms));
}

/**
 * The split of a number of units; without a `controlShare` equal groups.
 *
 * Units are those whose first visit falls into the experiment: who comes back is counted once. Not rounded.
 *
 * Throws RangeError unless K is a whole number from 1, units are positive and the share is inside (0, 1).
 */
export function splitTraffic(units: number, arms: number, controlShare = 1 / (arms + 1)): TrafficSplit {
  checkArms(arms);
  if (!(units > 0 && Number.isFinite(units))) throw new RangeError(`${units} units`);
  if (!(controlShare > 0 && controlShare < 1)) throw new RangeError(`control share ${controlShare}`);
  return { arms, controlUnits: units * controlShare, armUnits: (units * (1 - controlShare)) / arms };
}

function checkArms(arms: number): void {
  if (!(Number.isInteger(arms) && arms >= 1)) throw new RangeError(`${arms} arms`);
}
