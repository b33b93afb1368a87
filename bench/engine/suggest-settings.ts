import type { SuggestSetting } from './suggest-run.ts';

/** Warm suggestions of each process, by completed trials. */
const WARM: readonly (readonly [observations: number, warm: number, quickWarm: number])[] = [
  [25, 15, 7],
  [100, 9, 3],
  [200, 7, 2],
  [400, 5, 1],
  [800, 3, 1],
  [1000, 3, 1],
  [1600, 3, 0],
];

/** What the ratios of 10 weights to 4 are taken at. */
const TEN_WEIGHTS = [25, 100, 200, 1000];
const QUICK_TEN_WEIGHTS = [25, 100];

/** A study of 4 weights at every size, then of 10; exact ones, noisy ones, and noisy batches of 8. */
export function suggestSettings(quick: boolean): readonly SuggestSetting[] {
  return [4, 10].flatMap((dimension) => {
    const exact = WARM.map(([observations, warm, quickWarm]) => ({
      dimension,
      observations,
      noisy: false,
      batch: 1,
      warm: quick ? quickWarm : warm,
    })).filter(
      ({ observations, warm }) =>
        warm > 0 && (dimension === 4 || (quick ? QUICK_TEN_WEIGHTS : TEN_WEIGHTS).includes(observations)),
    );
    if (quick && dimension === 10) return exact;
    const noisy = { dimension, observations: 100, noisy: true, batch: 1, warm: quick ? 3 : 7 };
    return [...exact, noisy, { ...noisy, batch: 8, warm: quick ? 1 : 3 }];
  });
}
