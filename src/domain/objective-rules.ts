import { isDerived } from './derived-metric.ts';
import { objectivesOf, type StudyDefinition } from './study.ts';

/** What is wrong with a study whose parts are well formed, and where. */
export interface StudyProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** One objective or several, each metric once, a reference point for none but them, no direction that contradicts. */
export function* objectiveProblems(study: StudyDefinition): Generator<StudyProblem> {
  const { objective, objectives, referencePoint } = study;
  if (objective !== undefined && objectives !== undefined)
    yield { path: ['objectives'], message: 'stand beside an objective: expected one of the two keys' };
  const metrics = objectivesOf(study).map(({ metric }) => metric);
  for (const [i, metric] of metrics.entries()) {
    if (metrics.indexOf(metric) < i)
      yield { path: ['objectives', i], message: `"${metric}" is an objective already: expected each once` };
  }
  if (referencePoint !== undefined && objectives === undefined)
    yield { path: ['referencePoint'], message: 'needs objectives: expected objectives: a list of 2 to 4' };
  for (const metric of objectives === undefined ? [] : Object.keys(referencePoint ?? {})) {
    if (!metrics.includes(metric))
      yield {
        path: ['referencePoint', metric],
        message: `is not an objective: expected one of ${metrics.join(', ')}`,
      };
  }
  yield* directionProblems(study);
}

/** A metric of a log knows which way it is better; of any other, a derived one too, the study says so. */
function* directionProblems(study: StudyDefinition): Generator<StudyProblem> {
  for (const [i, { metric, direction }] of objectivesOf(study).entries()) {
    const stated = study.metrics[metric]?.direction;
    const known = study.log !== undefined && !isDerived(study, metric);
    if (direction === undefined && stated === undefined && !known) {
      yield {
        path: study.objective === undefined ? ['objectives', i] : ['objective'],
        message: `"${metric}" has no direction: expected "maximize ${metric}" or "minimize ${metric}"`,
      };
    }
    if (direction === undefined || stated === undefined || direction === stated) continue;
    yield {
      path: ['metrics', metric, 'direction'],
      message: `"${stated}" contradicts the objective, which is to ${direction} it`,
    };
  }
}
