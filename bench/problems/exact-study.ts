import { studySchema } from '../../src/domain/study-rules.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import type { Problem } from './problem.ts';

/** A study of these keys whose metrics are all measured without noise, for each seed. */
export function exactStudy(keys: Readonly<Record<string, unknown>>): Problem['study'] {
  const metrics = modelledMetrics(studySchema.parse(keys)).map((metric) => [metric, { noise: 'none' }]);
  return (seed): StudyDefinition =>
    studySchema.parse({ ...keys, metrics: Object.fromEntries(metrics), seed });
}
