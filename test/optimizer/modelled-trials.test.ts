import { expect } from 'chai';
import * as fc from 'fast-check';
import { randomStream } from '../../math/random.ts';
import type { StudyDefinition } from '../../src/domain/study.ts';
import { chooseModelled, MOST_MODELLED, type TrialOutcome } from '../../src/optimizer/modelled-trials.ts';
import { completedTrial, smallDefinition } from './small-study-definition.ts';

const COUNT = 5_000;

/** Gain and cost of so many trials, some of which lack one. */
function outcomesOf(count: number, seed: number): readonly TrialOutcome[] {
  const random = randomStream(seed, 'outcomes');
  return Array.from({ length: count }, (_, i) => ({
    number: 2 * i,
    means: [random.normal(), random.normal()].map((value) => (random.uniform() < 0.02 ? null : value)),
  }));
}

function chosen(
  definition: StudyDefinition,
  outcomes: readonly TrialOutcome[],
  page: number,
): readonly number[] {
  const choice = chooseModelled(definition, completedTrial(0, null, { gain: 0, cost: 0 }), outcomes.length);
  for (let i = 0; i < outcomes.length; i += page) choice.add(outcomes.slice(i, i + page));
  return choice.numbers();
}

describe('the trials that are modelled of more than can be', () => {
  const one = smallDefinition({ guardrails: ['cost <= 0.5'] });

  it('are 2,000, whatever portions the trials come in', () => {
    const outcomes = outcomesOf(COUNT, 1);
    const reference = chosen(one, outcomes, COUNT);
    expect(reference).to.have.length(MOST_MODELLED);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: COUNT }), (page) => {
        expect(chosen(one, outcomes, page)).to.deep.equal(reference);
      }),
      { numRuns: 10, examples: [[1], [2499]] },
    );
  });

  it('have the best that meet the guardrails, then those that meet most: as sorting all of them would say', () => {
    const outcomes = outcomesOf(COUNT, 2);
    const numbers = new Set(chosen(one, outcomes, 333));
    const feasible = outcomes
      .filter(({ means: [gain, cost] }) => gain !== null && cost !== null && cost! <= 0.5)
      .toSorted((a, b) => b.means[0]! - a.means[0]!);
    for (const { number } of feasible.slice(0, 500)) expect(numbers.has(number)).to.equal(true);
    const hard = smallDefinition({ guardrails: ['cost <= -99', 'gain <= 1'] });
    const nearest = new Set(chosen(hard, outcomes, 333));
    const oneOfTwo = outcomes
      .filter(({ means: [gain, cost] }) => cost !== null && gain !== null && gain! <= 1)
      .toSorted((a, b) => b.means[0]! - a.means[0]!);
    for (const { number } of oneOfTwo.slice(0, 500)) expect(nearest.has(number)).to.equal(true);
  });

  it('have the best in each of several objectives, the smaller the better where it is minimised', () => {
    const several = smallDefinition({ objective: undefined, objectives: ['maximize gain', 'minimize cost'] });
    const outcomes = outcomesOf(COUNT, 3);
    const numbers = new Set(chosen(several, outcomes, 777));
    for (const [k, sign] of [
      [0, 1],
      [1, -1],
    ] as const) {
      const ranked = outcomes
        .filter(({ means }) => means[k] !== null)
        .toSorted((a, b) => sign * (b.means[k]! - a.means[k]!));
      for (const { number } of ranked.slice(0, 250)) expect(numbers.has(number)).to.equal(true);
    }
  });

  it('have the baseline, the first and the last, the newest, and leave no long gap', () => {
    const outcomes = outcomesOf(COUNT, 4);
    const numbers = chosen(one, outcomes, 1000);
    expect(numbers[0]).to.equal(0);
    expect(numbers.slice(-900)).to.deep.equal(outcomes.slice(-900).map(({ number }) => number));
    const gaps = numbers.slice(1).map((number, i) => (number - numbers[i]!) / 2);
    expect(Math.max(...gaps)).to.be.at.most(Math.ceil(COUNT / 499) + 1);
  });

  it('are nearly all where there is hardly one too many', () => {
    const outcomes = outcomesOf(MOST_MODELLED + 1, 5);
    expect(chosen(one, outcomes, 1000)).to.have.length(MOST_MODELLED);
  });
});
