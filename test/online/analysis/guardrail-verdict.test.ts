import { expect } from 'chai';
import { DomainError } from '../../../src/domain/errors.ts';
import { guardrailSchema } from '../../../src/domain/guardrail.ts';
import {
  guardrailVerdict,
  type Slack,
  slackOfLift,
  slackOfMeans,
} from '../../../src/online/analysis/guardrail-verdict.ts';

const ARM = { arm: 'a', mean: 10, variance: 0.04, n: null };
const CONTROL = { arm: 'baseline', mean: 10.5, variance: 0.01, n: null };

function slack(text: string): Slack {
  return slackOfMeans(guardrailSchema.parse(text), ARM, CONTROL);
}

describe('slackOfMeans', () => {
  it('is how far an arm is on the allowed side, with the error of both means', () => {
    expect(slack('clicks >= 0.9 * baseline').estimate).closeTo(0.55, 1e-12);
    expect(slack('clicks >= 0.9 * baseline').standardError).closeTo(Math.sqrt(0.04 + 0.81 * 0.01), 1e-15);
    expect(slack('hides <= baseline + 0.2').estimate).closeTo(0.7, 1e-12);
    expect(slack('clicks >= baseline - 0.2').estimate).closeTo(-0.3, 1e-12);
    expect(slack('clicks >= 9')).deep.equal({ estimate: 1, standardError: 0.2 });
  });
});

describe('slackOfLift', () => {
  it('is the slack in fractions of the baseline', () => {
    const { estimate, standardError } = slackOfLift(
      guardrailSchema.parse('clicks >= 0.98 * baseline'),
      -0.01,
      0.02,
    );
    expect(estimate).closeTo(0.01, 1e-15);
    expect(standardError).equal(0.02);
    expect(slackOfLift(guardrailSchema.parse('hides <= baseline'), 0.03, 0.02).estimate).closeTo(
      -0.03,
      1e-15,
    );
  });

  it('refuses bounds that are no multiple of the baseline', () => {
    for (const text of ['clicks >= 3', 'clicks >= baseline - 1']) {
      expect(() => slackOfLift(guardrailSchema.parse(text), 0, 1)).throw(
        DomainError,
        `"${text}" cannot be judged from lifts: expected means, or a multiple of the baseline`,
      );
    }
  });
});

describe('guardrailVerdict', () => {
  it('goes by the whole interval', () => {
    expect(guardrailVerdict({ estimate: 2, standardError: 1 }, 2)).equal('shown not worse');
    expect(guardrailVerdict({ estimate: 1.9, standardError: 1 }, 2)).equal('not shown worse');
    expect(guardrailVerdict({ estimate: -2, standardError: 1 }, 2)).equal('not shown worse');
    expect(guardrailVerdict({ estimate: -2.1, standardError: 1 }, 2)).equal('worse');
    expect(guardrailVerdict({ estimate: 0, standardError: 0 }, 2)).equal('shown not worse');
  });
});
