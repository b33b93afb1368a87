import type { StudyDefinition } from '../domain/study.ts';
import { reliabilityDiagram, type ReliabilityDiagram } from '../evaluator/reliability-diagram.ts';
import type { LoadedLog } from './load-log.ts';

export type { DiagramBin, ReliabilityDiagram } from '../evaluator/reliability-diagram.ts';

/** How well a head's scores foretell its labels, as they are logged and calibrated. */
export interface HeadReliability {
  readonly head: string;
  readonly calibration: string;
  readonly before: ReliabilityDiagram;
  /** Null where the calibration leaves scores as they are. */
  readonly after: ReliabilityDiagram | null;
}

/** Histogram bins fine enough for a figure of probabilities up to 0.01. */
const OPTIONS = { bins: 15, binning: 'quantile', histogramBins: 5000 } as const;

/**
 * The reliability of each head of a log, before and after calibration. Scores are not kept once they are calibrated, so
 * `load` is asked for the log again with scores as they are.
 */
export async function reliabilityOfLog(
  definition: StudyDefinition,
  { log }: LoadedLog,
  load: (definition: StudyDefinition) => Promise<LoadedLog>,
): Promise<readonly HeadReliability[]> {
  const heads = definition.heads ?? {};
  const raw = Object.fromEntries(
    Object.entries(heads).map(([name, head]) => [
      name,
      { ...head, calibration: 'none' as const, negativeKeepRate: 1 },
    ]),
  );
  const { log: uncalibrated } = await load({ ...definition, heads: raw });
  return log.heads.map(({ name, probability, label }, t) => {
    const { calibration = 'beta', negativeKeepRate } = heads[name]!;
    const isLeft = calibration === 'none' || (calibration === 'beta' && negativeKeepRate === 1);
    return {
      head: name,
      calibration: isLeft ? 'none' : calibration === 'beta' ? `beta ${negativeKeepRate}` : calibration,
      before: reliabilityDiagram(uncalibrated.heads[t]!.probability, label, OPTIONS, log.weight),
      after: isLeft ? null : reliabilityDiagram(probability, label, OPTIONS, log.weight),
    };
  });
}
