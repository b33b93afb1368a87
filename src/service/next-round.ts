import type { ExperimentRequest } from '../domain/experiment.ts';
import type { NextRound } from '../online/analysis/judge-arms.ts';
import { nextNoise } from '../online/arms/next-noise.ts';
import type { OnlineEvidence } from '../online/arms/online-evidence.ts';

/** As many arms as asked, on the traffic of the last round. */
export function nextRound(
  evidence: OnlineEvidence,
  { arms, generator }: Pick<ExperimentRequest, 'arms' | 'generator'>,
): NextRound {
  return {
    count: arms,
    generator,
    given: [],
    experiments: [{ arms, noise: nextNoise(evidence, arms) }],
  };
}
