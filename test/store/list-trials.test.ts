import { expect } from 'chai';
import type { Generator } from '../../src/domain/trial.ts';
import { insertMeasuredTrials, type MeasuredTrial } from '../../store/import-trials.ts';
import { FEW, type TrialFilter, trialPage, type TrialPosition } from '../../store/list-trials.ts';
import { openStore, type Store } from '../../store/open.ts';
import { insertStudy } from '../../store/studies.ts';
import { NOW, study, trial } from './study-for-the-store.ts';

/** Of more trials than are sorted when they are listed by a metric. */
const MANY = FEW + 50;

const rareOf = (number: number): boolean => number % 40 === 7;
/** Not in the order of the numbers, and some alike. */
const meanOf = (number: number): number => (number * 769) % 1000;

function measured(number: number): MeasuredTrial {
  const { provenance, ...given } = trial(number);
  const generator: Generator = rareOf(number) ? 'attached' : 'space_filling';
  const observations = { gain: { mean: meanOf(number), sem: null } };
  return { ...given, provenance: { ...provenance, generator }, observations };
}

async function storeOf(trials: number): Promise<Store> {
  const store = await openStore(':memory:');
  await insertStudy(store, { definition: study('one'), logFingerprint: null, createdAt: NOW });
  await insertMeasuredTrials(
    store,
    'one',
    Array.from({ length: trials }, (_, i) => measured(i)),
    NOW,
  );
  return store;
}

/** Those of all pages; `meanwhile` after the first. */
async function numbersOf(
  store: Store,
  filter: TrialFilter,
  descending: boolean,
  meanwhile = async () => {},
): Promise<readonly number[]> {
  const numbers: number[] = [];
  let after: TrialPosition | undefined;
  do {
    const page = await trialPage(store, 'one', filter, { by: { metric: 'gain' }, descending }, after, 700);
    if (after === undefined) await meanwhile();
    numbers.push(...page.trials.map(({ number }) => number));
    after = page.last;
  } while (after !== undefined);
  return numbers;
}

function sorted(trials: number, matches: (number: number) => boolean): readonly number[] {
  return Array.from({ length: trials }, (_, number) => number)
    .filter(matches)
    .toSorted((a, b) => meanOf(a) - meanOf(b) || a - b);
}

describe('trials by a metric', () => {
  let store: Store;
  before(async () => {
    store = await storeOf(MANY);
  });
  after(async () => store.destroy());

  const filters: readonly [string, TrialFilter, (number: number) => boolean][] = [
    ['of more than are sorted', { state: 'completed' }, () => true],
    ['of a few that one filter finds', { generator: 'attached' }, rareOf],
    ['of a few that several filters find', { state: 'completed', generator: 'attached' }, rareOf],
    ['of none', { clientId: 'carol' }, () => false],
  ];
  for (const [what, filter, matches] of filters) {
    it(`${what} come page by page as a sort of all has them`, async () => {
      const expected = sorted(MANY, matches);
      expect(await numbersOf(store, filter, false)).to.deep.equal(expected);
      expect(await numbersOf(store, filter, true)).to.deep.equal(expected.toReversed());
    });
  }

  it('go on in the same order where they become more than are sorted between two pages', async () => {
    const growing = await storeOf(FEW);
    const further = FEW + 1;
    const numbers = await numbersOf(growing, { state: 'completed' }, false, async () =>
      insertMeasuredTrials(growing, 'one', [measured(further)], NOW),
    );
    await growing.destroy();
    expect(meanOf(further), 'not on the first page').to.be.greaterThan(500);
    expect(numbers).to.deep.equal(sorted(further + 1, (number) => number !== FEW));
  });
});
