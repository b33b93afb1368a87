import { stackTasks, standardizeTasks } from '../../../gp/coregionalization/data.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import { kernelByName } from '../../../gp/kernels/kernel-by-name.ts';
import { baselineAlone, conditionLifts } from './lift-process.ts';
import { type LogObservations, relativeLog } from './relative-observations.ts';
import type { TransferModel } from './transfer-model.ts';

/** 1 − ρ² of a log that can be trusted: log-uniform between these, one node in the middle of each of equal cells. */
const LEAST_UNEXPLAINED = 0.004;
const MOST_UNEXPLAINED = 0.4;
const NODES = 6;
const STARTS = 2;

/**
 * What the log promises of one metric before any round, if it can be trusted: lifts as far as they follow the log, and what
 * they may differ by.
 *
 * f_online = ρ f_log + √(1 − ρ²) h with h like f_log, both as relative changes, so that a log that is right has lifts as large
 * as its own; 1 − ρ² log-uniform on [0.004, 0.4], ρ from 0.77 to 0.998. Arms chosen from draws of it keep clear of the
 * guardrails by as much as the log may be wrong, and are no longer the maximum of the log's noise. It is
 * no belief that the log can be trusted: that is for `fitTransfer` to learn, and for arms that do not depend on it.
 * `baseline` in the unit cube. Throws `study_invalid` on values that are not positive, RangeError on malformed data.
 * Source: Kennedy & O'Hagan 2000, Biometrika 87:1 (a cheap code and a costly one).
 */
export function promisedLifts(
  metric: string,
  log: LogObservations,
  baseline: Float64Array,
): Pick<TransferModel, 'components'> {
  const logged = relativeLog(log, metric);
  const { X, y, variance: inferred } = logged;
  const data = stackTasks([
    { dimension: baseline.length, X, y, noise: { kind: 'known', variance: inferred } },
  ]);
  const { kernel, lengthscales, scales, noiseVariances } = fitCoregionalized(data, { starts: STARTS });
  const { stddev } = standardizeTasks(data).standardizations[0]!;
  const scale = scales[0]! * stddev;
  const variance = new Float64Array(y.length).fill(noiseVariances[0]! * stddev ** 2);
  const origin = baselineAlone(baseline);
  const components = Array.from({ length: NODES }, (_, i) => {
    const unexplained = LEAST_UNEXPLAINED * (MOST_UNEXPLAINED / LEAST_UNEXPLAINED) ** ((i + 0.5) / NODES);
    const parameters = {
      kernel: kernelByName[kernel],
      lengthscales,
      scales: [scale, scale],
      correlation: Math.sqrt(1 - unexplained),
    } as const;
    const process = conditionLifts(parameters, { ...logged, variance }, [origin]);
    return { weight: 1 / NODES, process, before: process };
  });
  return { components };
}
