import { expect } from 'chai';
import { fourWeights } from '../../bench/problems/four-weights.ts';
import { bestFeasible, gapOf } from '../../bench/races/best-feasible.ts';
import { median } from '../../bench/median.ts';
import { runStudy } from '../../bench/races/run-study.ts';

const CANDIDATES = 25;
const SEEDS = [0, 1, 2];

describe('the problem that Ax was run on', () => {
  it(`is solved to 1e-5 by ${CANDIDATES} candidates, as the median of seeds ${SEEDS.join(', ')}`, () => {
    const { study, measure, optimum } = fourWeights;
    const curves = SEEDS.map((seed) => {
      const definition = study(seed);
      const best = bestFeasible(definition, runStudy(definition, measure, CANDIDATES));
      return best.map((value) => gapOf(definition, optimum!.value, value ?? -Infinity));
    });
    for (const [i, curve] of curves.entries()) {
      const shown = [5, 10, 15, 20, 25].map((n) => curve[n - 1]!.toExponential(1)).join(', ');
      process.stdout.write(`      seed ${SEEDS[i]}: gap after 5, 10, … candidates ${shown}\n`);
    }
    for (const curve of curves) expect(curve.at(-1)).to.be.at.least(-1e-9);
    expect(median(curves.map((curve) => curve.at(-1)!))).to.be.at.most(1e-5);
  });
});
