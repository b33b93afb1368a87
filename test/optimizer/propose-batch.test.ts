import { expect } from 'chai';
import type { Measure } from '../../bench/problems/problem.ts';
import { completed, fitted, nextCandidate, runStudy, running } from '../../bench/races/run-study.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { nextTrialNumber, type Trial } from '../../src/domain/trial.ts';
import type { Candidate } from '../../src/optimizer/candidate.ts';
import { proposeBatch } from '../../src/optimizer/propose-batch.ts';
import { runningTrial, smallDefinition } from './small-study-definition.ts';

const SEM = 0.02;
/** Weights of running trials so far apart leave no room between them. */
const NEIGHBOURS = 1.9e-3;
const LIMITED = {
  baseline: { weights: { a: 0.2, b: 0.4, c: 0.4 } },
  guardrails: ['cost <= 1.1 * baseline'],
};
const NOISY = { metrics: { gain: { noise: 'known' }, cost: { noise: 'known' } } };
const TWO = { objective: undefined, objectives: ['maximize gain', 'minimize cost'] };

const measure: Measure = ({ a, b, c }) => ({
  gain: 2 - (a! - 0.5) ** 2 - 2 * (b! - 0.3) ** 2 - (c! - 0.2) ** 2,
  cost: 1 + a! - b! / 2,
});

/** What the service does where candidates are asked for one by one: each is fitted for and stored before the next. */
function oneByOne(
  definition: StudyDefinition,
  trials: readonly Trial[],
  count: number,
): readonly Candidate[] {
  const stored = [...trials];
  return Array.from({ length: count }, () => {
    const candidate = nextCandidate(definition, stored);
    stored.push(JSON.parse(JSON.stringify(running(nextTrialNumber(stored), candidate))) as Trial);
    return candidate;
  });
}

function withSem(trials: readonly Trial[]): readonly Trial[] {
  return trials.map((trial) =>
    completed(
      trial,
      Object.fromEntries(
        Object.entries(trial.observations).map(([metric, { mean }]) => [metric, { mean, sem: SEM }]),
      ),
    ),
  );
}

describe('proposeBatch', () => {
  const exact = runStudy(smallDefinition(LIMITED), measure, 7);
  const studies: Readonly<Record<string, readonly [StudyDefinition, readonly Trial[]]>> = {
    'exact metrics': [smallDefinition(LIMITED), exact],
    'noisy metrics': [smallDefinition({ ...LIMITED, ...NOISY }), withSem(exact)],
    'nothing feasible': [smallDefinition({ ...LIMITED, guardrails: ['cost <= 0.2'] }), exact],
    'two objectives': [smallDefinition({ ...LIMITED, ...TWO }), exact],
    'two noisy objectives': [smallDefinition({ ...LIMITED, ...TWO, ...NOISY }), withSem(exact)],
  };

  for (const [name, [definition, trials]] of Object.entries(studies)) {
    it(`finds, candidate by candidate, what one at a time finds: ${name}`, () => {
      const running7 = running(nextTrialNumber(trials), nextCandidate(definition, trials));
      for (const known of [trials, [...trials, running7]]) {
        const batch = proposeBatch(definition, known, fitted(definition, known), 3);
        expect(batch).to.have.lengthOf(3);
        for (const [i, candidate] of oneByOne(definition, known, 3).entries()) {
          expect(batch[i], `candidate ${i + 1}`).to.deep.equal(candidate);
        }
      }
    });
  }

  it('begins with what a smaller batch has', () => {
    const [definition, trials] = studies['noisy metrics']!;
    const models = fitted(definition, trials);
    const three = proposeBatch(definition, trials, models, 3);
    expect(proposeBatch(definition, trials, models, 1)).to.deep.equal(three.slice(0, 1));
  });

  it('is shorter where no room is left for all, and says so where there is room for none', () => {
    const definition = smallDefinition({ weights: { a: [0, 1], b: [0, 1] }, initialTrials: 2 });
    const full: Trial[] = exact.slice(0, 2).map((trial, i) => ({ ...trial, weights: { a: i, b: 1 - i } }));
    for (let a = 0.01; a < 1; a += NEIGHBOURS) {
      full.push(runningTrial(full.length, { a, b: 1 - a }));
    }
    const models = fitted(definition, full);
    const batch = proposeBatch(definition, full, models, 12);
    expect(batch.length).to.be.within(2, 10);
    const rest = batch.map((candidate, i) => running(nextTrialNumber(full) + i, candidate));
    const more = (): unknown => proposeBatch(definition, [...full, ...rest], models, 12);
    expect(more).to.throw(DomainError, 'no weights are left').with.property('code', 'budget_exhausted');
  });
});
