import { expect } from 'chai';
import { race, type RaceAnswer, STRATEGIES, type StrategyName } from '../../../bench/online/race.ts';
import { raceFigures, raceLines, summarize } from '../../../bench/online/race-table.ts';

const NAMES = Object.keys(STRATEGIES) as StrategyName[];

const outcome = (of: { lift: number; violates: boolean }) => ({
  ...of,
  regret: 0.05 - (of.violates ? Math.min(0, of.lift) : of.lift),
});

/** A race in which every strategy ships the same but for `ours`. */
function answer(lift: number, ours: { lift: number; violates: boolean }): RaceAnswer {
  const check = { correlations: [1, 1, 1, 1], optimumLift: 0.05, offlineLift: 0, offlineViolates: false };
  return {
    check,
    outcomes: Object.fromEntries(
      NAMES.map((name) => [name, outcome(name === 'ours' ? ours : { lift, violates: false })]),
    ) as RaceAnswer['outcomes'],
  };
}

describe('the race of strategies', () => {
  it('is the same for the same world, ships the baseline by hand, and measures regret from the true optimum', () => {
    const { check, outcomes } = race({ kind: 'trustworthy', seed: 510 });
    const again = race({ kind: 'trustworthy', seed: 510 });
    for (const name of NAMES) {
      const { lift, violates, regret } = outcomes[name];
      expect(again.outcomes[name].lift, name).to.equal(lift);
      const worth = violates ? Math.min(0, lift) : lift;
      expect(regret, name).to.be.closeTo(Math.max(0, check.optimumLift - worth), 1e-12);
    }
    expect(outcomes.handpicked).to.deep.include({ lift: 0, violates: false, regret: check.optimumLift });
  }).timeout(240_000);

  it('is summed up by medians, shares and paired differences', () => {
    const races = [
      answer(0.01, { lift: 0.03, violates: false }),
      answer(0.02, { lift: 0.02, violates: false }),
      answer(-0.01, { lift: 0.04, violates: true }),
    ];
    const ours = summarize(races, 'ours');
    expect(ours.median).to.be.closeTo(3, 1e-9);
    expect(ours.violations.share).to.be.closeTo(100 / 3, 1e-9);
    expect(ours.beats.share).to.be.closeTo(200 / 3, 1e-9);
    // By world: 2, 0 and 1 points, as a violation counts as the baseline.
    expect(summarize(races, 'online').worseThanOurs.mean).to.be.closeTo(1, 1e-9);
    const figures = raceFigures('useless', races);
    expect(figures['useless_ours_violations']).to.equal(33.33);
    expect(figures['useless_online_regret_above_ours']).to.be.closeTo(1, 1e-9);
    expect(raceLines('useless', races)).to.have.lengthOf(7);
    expect(Object.values(raceFigures('useless', races.slice(0, 1))).every(Number.isFinite)).to.equal(true);
  });
});
