import { expect } from 'chai';
import { planOutScript } from '../../../src/online/export/planout.ts';
import { readGolden } from '../../golden/read-golden.ts';
import { ALLOCATION } from './allocation.ts';
import { runPlanOut } from './run-planout.ts';

interface PlanOutGolden {
  readonly cases: readonly {
    readonly coverage: number;
    readonly assignments: readonly (readonly [user: string, inExperiment: boolean, arm: string])[];
  }[];
}

const { cases } = readGolden<PlanOutGolden>('planout');

describe('planOutScript', () => {
  it("gives users the arms that PlanOut's own interpreter gave them", () => {
    expect(cases).length(3);
    for (const { coverage, assignments } of cases) {
      const script = planOutScript({ ...ALLOCATION, coverage });
      for (const [userid, inExperiment, arm] of assignments) {
        const run = runPlanOut(script, { userid });
        expect(run.inExperiment, userid).equal(inExperiment);
        expect(run.variables.get('arm'), userid).equal(arm);
        const { weights } = ALLOCATION.arms.find(({ name }) => name === arm)!;
        expect(run.variables.get('weights'), userid).deep.equal(weights);
      }
    }
  });

  it('keeps every user in place while the coverage grows', () => {
    const scripts = [0.1, 0.5, 0.9, 1].map((coverage) => planOutScript({ ...ALLOCATION, coverage }));
    for (let user = 0; user < 500; user++) {
      let before: unknown;
      for (const script of scripts) {
        const { inExperiment, variables } = runPlanOut(script, { userid: user });
        const now = inExperiment ? variables.get('arm') : undefined;
        if (before !== undefined) expect(now).equal(before);
        before = now;
      }
      expect(before).not.equal(undefined);
    }
  });

  it('splits users as the shares say', () => {
    const script = planOutScript({ ...ALLOCATION, coverage: 0.5 });
    const users = 8000;
    let arms = 0;
    for (let user = 0; user < users; user++) {
      const { inExperiment, variables } = runPlanOut(script, { userid: `u${user}` });
      if (inExperiment && variables.get('arm') !== 'baseline') arms++;
    }
    const expected = 0.5 * 0.5714;
    expect(Math.abs(arms / users - expected)).below(4 * Math.sqrt((expected * (1 - expected)) / users));
  });
});
