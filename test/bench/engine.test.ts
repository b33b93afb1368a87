import { expect } from 'chai';
import { generatedProblem } from '../../bench/engine/generated-problem.ts';
import { growthExponent } from '../../bench/engine/growth-exponent.ts';
import { posteriorLosses } from '../../bench/engine/posterior-loss.ts';
import { studyHistory } from '../../bench/engine/study-history.ts';
import { suggestFigure } from '../../bench/engine/suggest-run.ts';
import { suggestSettings } from '../../bench/engine/suggest-settings.ts';
import { violations } from '../../math/polytope/polytope.ts';
import { bestTrial } from '../../src/optimizer/best-trial.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';
import { modelledMetrics } from '../../src/optimizer/metric-roles.ts';
import { modelsNeeded } from '../../src/optimizer/initialise.ts';

const settings = [false, true].map((quick) => suggestSettings(quick).map(suggestFigure));

function exponent(ms: (n: number) => number): number {
  return growthExponent([100, 200, 400].map((observations) => ({ observations, ms: ms(observations) })));
}

describe('the history that suggestions are timed after', () => {
  for (const dimension of [4, 10]) {
    it(`keeps the sum, has as many trials as asked, and asks four models: ${dimension} weights`, () => {
      const { definition, trials } = studyHistory(generatedProblem(dimension), 0, 25, false);
      const encoding = encodeStudy(definition);
      expect(trials.map(({ number }) => number)).to.deep.equal(Array.from({ length: 25 }, (_, i) => i));
      for (const { weights } of trials) {
        expect(violations(encoding.polytope, toVector(encoding, weights!))).to.deep.equal([]);
      }
      expect(modelledMetrics(definition)).to.have.lengthOf(4);
      expect(modelsNeeded(definition, trials)).to.have.lengthOf(4);
    });
  }

  it('draws near to the best of the trials that fill the space', () => {
    const { definition, trials } = studyHistory(generatedProblem(4), 0, 100, false);
    const encoding = encodeStudy(definition);
    const good = toVector(encoding, bestTrial(definition, trials.slice(0, 50))!.weights);
    const apart = trials.map(({ weights }) =>
      Math.hypot(...toVector(encoding, weights!).map((value, k) => value - good[k]!)),
    );
    expect(Math.max(...apart.slice(0, 50))).to.be.greaterThan(0.5);
    expect(Math.max(...apart.slice(50))).to.be.lessThan(0.3 * Math.SQRT2);
    expect(Math.max(...apart.slice(90))).to.be.lessThan(0.01);
  });

  it('brings standard errors where it has noise, and is that of its seed', () => {
    const noisy = studyHistory(generatedProblem(4), 1, 10, true);
    expect(noisy.trials).to.deep.equal(studyHistory(generatedProblem(4), 1, 10, true).trials);
    for (const { observations } of noisy.trials) {
      for (const { sem } of Object.values(observations)) expect(sem).to.be.greaterThan(0);
    }
  });
});

describe('the figures of the engine', () => {
  it('are named after weights, trials, noise and batch; a quick run has fewer', () => {
    const [all, quick] = settings;
    expect(all).to.include.members(['suggest_ms_n25', 'suggest_ms_n100_q8', 'suggest_ms_d10_n100_noisy']);
    expect(new Set(all).size).to.equal(all!.length);
    expect(all).to.include.members(quick!);
  });

  it('find the exponent of a power, and the slope of the best line where it is none', () => {
    expect(exponent((n) => 3 * n ** 1.75)).to.be.closeTo(1.75, 1e-12);
    expect(exponent((n) => (n === 200 ? 1 : n))).to.be.closeTo(1, 1e-12);
  });

  it('lose nothing of the posterior where a fit takes all observations', () => {
    expect(posteriorLosses(generatedProblem(4), 0, 90, 1)[0]).to.be.closeTo(0, 1e-9);
  });
});
