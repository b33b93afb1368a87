import { candidateTrials, type Trial } from '../../src/domain/trial.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { initialCandidates, modelsNeeded } from '../../src/optimizer/initialise.ts';
import { proposeBatch } from '../../src/optimizer/propose-batch.ts';
import { fitted, running } from './run-study.ts';

/** The next candidates, each chosen with those before it running: what is left of the design, then the models', fitted once. */
export function nextBatch(
  definition: StudyDefinition,
  trials: readonly Trial[],
  count: number,
): readonly Candidate[] {
  const first = candidateTrials(trials).length + 1;
  const chosen: Candidate[] = [];
  while (chosen.length < count) {
    const known = [...trials, ...chosen.map((candidate, i) => running(first + i, candidate))];
    if (modelsNeeded(definition, known).length === 0) {
      chosen.push(initialCandidates(definition, known, 1)[0]!);
    } else {
      const models = fitted(definition, known);
      return [...chosen, ...proposeBatch(definition, known, models, count - chosen.length)];
    }
  }
  return chosen;
}
