import { expect } from 'chai';
import type { Generator } from '../../src/domain/trial.ts';
import { insertMeasuredTrials } from '../../store/import-trials.ts';
import { type TrialFilter, trialPage, type TrialPosition } from '../../store/list-trials.ts';
import { openStore, type Store } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';
import { NOW, study, trial } from './study-for-the-store.ts';

/** Of more trials than are sorted when they are listed by a metric. */
const MANY = 2050;

const rareOf = (number: number): boolean => number % 40 === 7;
/** Not in the order of the numbers, and some alike. */
const meanOf = (number: number): number => (number * 769) % 1000;

describe('trials by a metric', () => {
  let store: Store;
  before(async () => {
    store = await openStore(':memory:');
    await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
    const trials = Array.from({ length: MANY }, (_, number) => {
      const { provenance, ...given } = trial(number);
      const generator: Generator = rareOf(number) ? 'attached' : 'space_filling';
      const observations = { gain: { mean: meanOf(number), sem: null } };
      return { ...given, provenance: { ...provenance, generator }, observations };
    });
    await insertMeasuredTrials(store, 'one', trials, NOW);
  });
  after(async () => store.destroy());

  const numbersOf = async (filter: TrialFilter, descending: boolean): Promise<readonly number[]> => {
    const numbers: number[] = [];
    let after: TrialPosition | undefined;
    do {
      const page = await trialPage(store, 'one', filter, { by: { metric: 'gain' }, descending }, after, 700);
      numbers.push(...page.trials.map(({ number }) => number));
      after = page.last;
    } while (after !== undefined);
    return numbers;
  };

  const filters: readonly [string, TrialFilter, (number: number) => boolean][] = [
    ['of more than are sorted', { state: 'completed' }, () => true],
    ['of a few that one filter finds', { generator: 'attached' }, rareOf],
    ['of a few that several filters find', { state: 'completed', generator: 'attached' }, rareOf],
    ['of none', { clientId: 'carol' }, () => false],
  ];
  for (const [what, filter, matches] of filters) {
    it(`${what} come page by page as a sort of all has them`, async () => {
      const expected = Array.from({ length: MANY }, (_, number) => number)
        .filter(matches)
        .toSorted((a, b) => meanOf(a) - meanOf(b) || a - b);
      expect(await numbersOf(filter, false)).to.deep.equal(expected);
      expect(await numbersOf(filter, true)).to.deep.equal(expected.toReversed());
    });
  }
});
