import type { Allocation } from '../domain/allocation.ts';
import type { Experiment } from '../domain/experiment.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../online/export/export-formats.ts';
import { readExperiment } from './read-experiments.ts';
import type { ServiceContext } from './service-context.ts';

export { EXPORT_FORMATS, type ExportFormat } from '../online/export/export-formats.ts';

/**
 * An experiment as flag data of a platform; more `coverage` than was planned only adds users.
 *
 * Throws `study_not_found`, `experiment_not_found`, and `experiment_invalid` for shares that the platform cannot have.
 */
export async function exportExperiment(
  context: Pick<ServiceContext, 'store'>,
  studyId: string,
  number: number,
  format: ExportFormat,
  coverage?: number,
): Promise<object> {
  const experiment = await readExperiment(context, studyId, number);
  return EXPORT_FORMATS[format](allocationOf(experiment, coverage));
}

/** Who gets which arm; the experiment's name is the seed of its hash, so that another round deals anew. */
export function allocationOf(
  { name, unit, arms, ...planned }: Pick<Experiment, 'name' | 'unit' | 'arms' | 'coverage'>,
  coverage = planned.coverage,
): Allocation {
  return {
    experiment: name,
    seed: name,
    coverage,
    ...(unit !== null && { unit }),
    arms: arms.map((arm) => ({ name: arm.name, weights: arm.weights, share: arm.share })),
  };
}
