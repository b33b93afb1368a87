import { inputError, type InputProblem } from '../domain/errors.ts';
import { BASELINE_ARM, type ExperimentRequest } from '../domain/experiment.ts';
import { weightsProblems } from '../optimizer/attached-candidate.ts';
import { encodeStudy } from '../optimizer/encode.ts';
import type { OnlineMoment } from './online-evidence.ts';

/**
 * Throws `weights_invalid` for arms whose weights no trial could have, and `experiment_invalid` for names that are taken: an arm has
 * its name in no other round.
 */
export function checkHandPicked(
  { definition, experiments }: Pick<OnlineMoment, 'definition' | 'experiments'>,
  { handPicked }: Pick<ExperimentRequest, 'handPicked'>,
): void {
  const encoding = encodeStudy(definition);
  const weights = handPicked.flatMap((arm, i) =>
    [...weightsProblems(definition, encoding, arm.weights)].map(({ pointer, detail }): InputProblem => ({
      pointer: `/handPicked/${i}${pointer}`,
      detail,
    })),
  );
  if (weights.length > 0) throw inputError('weights_invalid', weights);
  const taken = [BASELINE_ARM, ...experiments.flatMap(({ arms }) => arms.map(({ name }) => name))];
  const names = handPicked.flatMap(({ name }, i): readonly InputProblem[] => {
    if (name === undefined) return [];
    const earlier = [...taken, ...handPicked.slice(0, i).map((arm) => arm.name)];
    if (!earlier.includes(name) && !/^r\d+-/.test(name)) return [];
    const detail = `"${name}" is the name of another arm, or like those that are given (r1-1): expected another`;
    return [{ pointer: `/handPicked/${i}/name`, detail }];
  });
  if (names.length > 0) throw inputError('experiment_invalid', names);
}
