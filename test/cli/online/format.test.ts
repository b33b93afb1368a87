import { expect } from 'chai';
import { formatExperiment } from '../../../src/cli/online/format-arms.ts';
import { formatPlan } from '../../../src/cli/online/format-plan.ts';
import { formatPosterior, probability } from '../../../src/cli/online/format-posterior.ts';
import { formatRecommendation } from '../../../src/cli/online/format-recommendation.ts';
import { excerptOf, stepsOf } from '../../../examples/online/page.ts';
import { onlineSchema } from '../../../src/domain/online.ts';
import { neededUnits } from '../../../src/online/plan/needed-units.ts';
import type { NextStep } from '../../../src/service/recommend-next.ts';
import { planRequestSchema } from '../../../src/service/plan-experiment.ts';
import type { StoredExperiment } from '../../../src/service/read-experiments.ts';

const WIDTH = 100;

/** A round of arms with so many weights. */
function experimentOf(weights: number): StoredExperiment {
  const names = Array.from({ length: weights }, (_, i) => `engagement_${i}`);
  const arm = (name: string, generator: string): object => ({
    name,
    kind: 'suggested',
    weights: Object.fromEntries(names.map((each, i) => [each, (i + 1) / 100 + 1e-9])),
    share: 0.5,
    generator,
    reason: '',
    offline: null,
  });
  return {
    study: 'wide',
    number: 1,
    name: 'wide-1',
    state: 'planned',
    window: { start: '2025-03-03', end: '2025-03-17' },
    units: null,
    coverage: 0.25,
    unit: 'user_id',
    arms: [arm('baseline', 'baseline'), arm('r1-1', 'thompson')],
    provenance: { merged: [{ name: 'r1-2', into: 'r1-1', agreement: 0.97 }], notes: ['a note'] },
  } as unknown as StoredExperiment;
}

/** A plan of so many arms in groups of 1,000. */
function row(arms: number, relative: number, gain: number) {
  return {
    arms,
    controlUnits: 1000,
    armUnits: 1000,
    critical: 2,
    metrics: [{ name: 'm', absolute: relative, relative, relevant: relative <= 0.05 }],
    gain: { mean: gain, standardError: 0.001 },
  };
}

describe('the text of experiments', () => {
  it('breaks many weights into several tables, each with the arms', () => {
    const text = formatExperiment(experimentOf(14), { db: 'a b.db' }, WIDTH);
    for (const line of text.split('\n')) {
      if (!line.includes('npx pondera')) expect(line.length).to.be.at.most(WIDTH);
    }
    expect(text.match(/^arm /gm)!.length).to.be.greaterThan(1);
    for (let i = 0; i < 14; i++) expect(text).to.contain(`engagement_${i}`);
    expect(text).to.contain('25 % of the traffic by user_id');
    expect(text).to.contain('r1-2 was merged into r1-1, as they rank the log alike (tau 0.970).');
    expect(text).to.contain('Note: a note.');
    expect(text).to.contain("--round 1 --export json --db 'a b.db'");
  });

  it('says no arm most alike where nothing is known', () => {
    const taus = Float64Array.of(1, NaN, NaN, 1);
    const text = formatExperiment(experimentOf(2), { db: 'a.db', agreements: { cutoff: 5, taus } }, WIDTH);
    expect(text).to.match(/^baseline +- +-$/m);
    expect(text).to.contain('among its first 5 of a request');
  });

  it('calls a gain of what is to be minimised less of it', () => {
    const online = onlineSchema.parse({
      metrics: { hides: { kind: 'volume' } },
      objective: 'minimize hides',
    });
    const shipment = { arm: 'r1-1', expectedLift: 0.03, probabilityMet: 1 };
    const posterior = formatPosterior({ arms: [], metrics: [], shipment, spreads: null }, online, Infinity);
    expect(posterior).to.contain('By this r1-1 would be shipped now: +3.00 % less hides, guardrails kept');
    const step = {
      study: 'wide',
      action: 'ship',
      arm: 'r1-1',
      weights: null,
      arms: [],
      reasons: [],
      notes: [],
      evidence: [{ arm: 'r1-1', lift: 0.03, stddev: 0.01, better: 1, feasible: 1, best: 1, guardrails: [] }],
    } as unknown as NextStep;
    const text = formatRecommendation(step, { online, db: 'a.db' });
    expect(text).to.match(/^tested +less hides /m);
    expect(text).to.match(/^r1-1 +\+3\.00 % ± 1\.00 /m);
  });

  it('shows no certainty that rounding made', () => {
    expect([0, 0.004, 0.005, 0.5, 0.994, 0.996, 1].map(probability)).to.deep.equal([
      '0.00',
      '<0.01',
      '0.01',
      '0.50',
      '0.99',
      '>0.99',
      '1.00',
    ]);
  });

  it('marks effects that are too small to be shown, and says of how many arms hardly less is expected', () => {
    const metrics = [{ name: 'm', mean: 1, stddev: 1, relevantEffect: 0.05, source: 'study' as const }];
    const plans = [row(1, 0.04, 0.01), row(2, 0.06, 0.029), row(3, 0.07, 0.03)];
    const request = planRequestSchema.parse({ unitsPerDay: 100, days: 30 });
    const needed = neededUnits(metrics, plans, request);
    const plan = {
      study: 's',
      metrics,
      unplanned: [],
      plans,
      needed,
      armsThatFit: 1,
      armsThatGain: 3,
      withoutGain: null,
    };
    const text = formatPlan({ plan, request }, WIDTH);
    expect(text).to.match(/^ +1 +1,000 +4\.00 % +\d/m);
    expect(text).to.match(/^ +2 +1,000 +6\.00 % \* +\d/m);
    expect(text).to.contain('With up to 1 arm each arm shows by itself what matters of every metric.');
    expect(text).to.contain('expect the most of 3 arms, and hardly less of 2.');
    // Of K + 1 equal groups each has 2σ²(z + z_power)²/δ².
    const z = 2 + 0.8416212335729143;
    expect(needed.map(({ units }) => units['m'])).to.deep.equal(
      [1, 2, 3].map((arms) => Math.ceil((2 * (arms + 1) * z ** 2) / 0.05 ** 2)),
    );
    const hopeless = metrics.map((metric) => ({ ...metric, mean: 1e-300 }));
    expect(neededUnits(hopeless, plans, request)[0]).to.deep.equal({ arms: 1, units: {}, days: null });
  });
});

describe('the page of commands', () => {
  const page =
    'a\n\n```sh\none > x\n```\n\nb\n\n```sh\ntwo\n```\n\n<!-- shows 1 3 -->\n\n```text\nold\n```\n\n```sh\nthree\n```\n\n<!-- shows -->\n\n```text\n```\n';

  it('has commands with and without output, which may be empty yet', () => {
    const steps = stepsOf(page);
    expect(steps.map(({ command }) => command)).to.deep.equal(['one > x', 'two', 'three']);
    expect(steps.map(({ paragraphs }) => paragraphs)).to.deep.equal([undefined, [1, 3], []]);
    expect(steps.map(({ shown }) => shown)).to.deep.equal([undefined, 'old\n', '']);
    expect(page.slice(steps[1]!.from, steps[1]!.to)).to.equal('old\n');
    expect(steps[2]!.from).to.equal(page.lastIndexOf('```'));
  });

  it('shows paragraphs, and where some are left out', () => {
    const output = 'one\n\ntwo\nlines\n\nthree\n\nfour\n';
    expect(excerptOf(output, [])).to.equal(output);
    expect(excerptOf(output, [1, 2])).to.equal('one\n\ntwo\nlines\n\n…\n');
    expect(excerptOf(output, [2, 4])).to.equal('…\n\ntwo\nlines\n\n…\n\nfour\n');
    expect(excerptOf(output, [5])).to.equal('…\n\n(no paragraph 5)\n');
  });
});
