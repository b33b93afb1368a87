import { expect } from 'chai';
import { armsThatFit, experimentPlan, type PlanSettings } from '../../../src/online/plan/experiment-plan.ts';

const SETTINGS: PlanSettings = {
  unitsPerDay: 10_000,
  days: 14,
  control: 'sharpest',
  correction: 'dunnett',
  alpha: 0.05,
  power: 0.8,
};

const METRICS = [
  { name: 'clicks', mean: 1, stddev: 3, relevantEffect: 0.06 },
  { name: 'savers', mean: 0.1, stddev: 0.3, relevantEffect: null },
];

describe('experimentPlan', () => {
  it('shows, arm by arm, larger effects only', () => {
    const plan = experimentPlan(METRICS, SETTINGS, 6);
    expect(plan.map(({ arms }) => arms)).deep.equal([1, 2, 3, 4, 5, 6]);
    plan.slice(1).forEach(({ metrics }, i) => {
      metrics.forEach(({ absolute }, k) => expect(absolute).above(plan[i]!.metrics[k]!.absolute));
    });
    const [clicks, savers] = plan[2]!.metrics;
    expect(clicks!.relevant).equal(clicks!.relative! <= 0.06);
    expect(savers!.relevant).equal(null);
    expect(plan[2]!.controlUnits + 3 * plan[2]!.armUnits).closeTo(140_000, 1e-6);
  });

  it('counts the arms that fit the traffic', () => {
    const plan = experimentPlan(METRICS, SETTINGS, 10);
    const fitting = armsThatFit(plan);
    expect(fitting).within(1, 9);
    expect(plan[fitting - 1]!.metrics[0]!.relative).at.most(0.06);
    expect(plan[fitting]!.metrics[0]!.relative).above(0.06);
    expect(armsThatFit(experimentPlan([{ ...METRICS[0]!, relevantEffect: 1e-6 }], SETTINGS, 3))).equal(0);
    expect(armsThatFit(experimentPlan([METRICS[1]!], SETTINGS, 3))).equal(3);
  });

  it('takes equal groups and a share of one’s own', () => {
    const [equal] = experimentPlan(METRICS, { ...SETTINGS, control: 'equal' }, 1);
    expect(equal!.controlUnits).equal(equal!.armUnits);
    const [own] = experimentPlan(METRICS, { ...SETTINGS, control: 0.25 }, 1);
    expect(own!.controlUnits).equal(35_000);
  });
});
