import { expect } from 'chai';
import { createHash } from 'node:crypto';
import type { Allocation } from '../../../src/domain/allocation.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { armOf, bucketRanges } from '../../../src/online/export/bucket-ranges.ts';
import { EXPORT_FORMATS } from '../../../src/online/export/export-formats.ts';
import { growthBookPayload } from '../../../src/online/export/growthbook.ts';
import { launchDarklyPayload } from '../../../src/online/export/launchdarkly.ts';
import { plainPayload } from '../../../src/online/export/plain-json.ts';
import { unleashPayload } from '../../../src/online/export/unleash.ts';
import { ALLOCATION } from './allocation.ts';
import { growthBookSchema, launchDarklySchema, unleashSchema } from './platform-schemas.ts';

const BASELINE = { arm: 'baseline', weights: null };
const ARM_1 = { arm: 'arm-1', weights: { click: 0.3, save: 0.7 } };
const ARM_2 = { arm: 'arm-2', weights: { click: 0.5, save: 0.5 } };

function total(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** LaunchDarkly's place of a context in an experiment: the first 15 hexadecimal digits of a SHA-1 as a fraction. */
function launchDarklyPlace(flag: string, salt: string, context: string): number {
  const digest = createHash('sha1').update(`${flag}.${salt}.${context}`).digest('hex').slice(0, 15);
  return Number.parseInt(digest, 16) / 2 ** 60;
}

function launchDarklyVariation(
  allocation: Allocation,
  user: string,
): { variation: number; untracked?: boolean } {
  const { key, salt, fallthrough } = launchDarklyPayload(allocation).flags[allocation.experiment]!;
  const place = launchDarklyPlace(key, salt, user);
  let sum = 0;
  for (const weighted of fallthrough.rollout.variations) {
    sum += weighted.weight / 100_000;
    if (place < sum) return weighted;
  }
  throw new RangeError(`place ${place}`);
}

describe('exported payloads', () => {
  it("are plain JSON in pondera's own form", () => {
    const payload = plainPayload(ALLOCATION);
    const starts = [0, 0.4286, 0.4286 + 0.2857];
    expect(payload).deep.equal({
      experiment: 'related-1',
      seed: 'related-1-2026',
      hash: 'fnv1a32_twice',
      unit: 'user_id',
      coverage: 0.6,
      arms: [
        { ...BASELINE, share: 0.4286, range: [0, 0.6 * 0.4286] },
        { ...ARM_1, share: 0.2857, range: [starts[1], starts[1]! + 0.6 * 0.2857] },
        { ...ARM_2, share: 0.2857, range: [starts[2], starts[2]! + 0.6 * 0.2857] },
      ],
    });
  });

  it("are a feature with an experiment rule in GrowthBook's form", () => {
    const payload = growthBookPayload(ALLOCATION);
    expect(growthBookSchema.parse(JSON.parse(JSON.stringify(payload)))).deep.equal(payload);
    expect(payload.features['related-1']).deep.equal({
      defaultValue: BASELINE,
      rules: [
        {
          key: 'related-1',
          seed: 'related-1-2026',
          hashAttribute: 'id',
          hashVersion: 2,
          coverage: 0.6,
          weights: [0.4286, 0.2857, 0.2857],
          variations: [BASELINE, ARM_1, ARM_2],
          meta: [
            { key: 'baseline', name: 'baseline' },
            { key: 'arm-1', name: 'arm-1' },
            { key: 'arm-2', name: 'arm-2' },
          ],
        },
      ],
    });
  });

  it("are a gradual rollout with variants in Unleash's form", () => {
    const payload = unleashPayload(ALLOCATION);
    const [feature] = unleashSchema.parse(JSON.parse(JSON.stringify(payload))).features;
    expect(feature).deep.equal(payload.features[0]);
    const [strategy] = payload.features[0].strategies;
    expect(strategy.parameters).deep.equal({
      groupId: 'related-1-2026',
      rollout: '60',
      stickiness: 'userId',
    });
    expect(strategy.variants.map(({ weight }) => weight)).deep.equal([428, 286, 286]);
    expect(strategy.variants.map(({ weightType }) => weightType)).deep.equal(['variable', 'fix', 'fix']);
    expect(strategy.variants.map(({ payload }) => JSON.parse(payload.value))).deep.equal([
      BASELINE,
      ARM_1,
      ARM_2,
    ]);
  });

  it("are a flag whose fall-through is an experiment in LaunchDarkly's form", () => {
    const payload = launchDarklyPayload(ALLOCATION);
    expect(launchDarklySchema.parse(JSON.parse(JSON.stringify(payload)))).deep.equal(payload);
    const { rollout } = payload.flags['related-1']!.fallthrough;
    expect(rollout.variations).deep.equal([
      { variation: 0, weight: 25_714 },
      { variation: 0, weight: 17_143, untracked: true },
      { variation: 1, weight: 17_143 },
      { variation: 0, weight: 11_429, untracked: true },
      { variation: 2, weight: 17_143 },
      { variation: 0, weight: 11_428, untracked: true },
    ]);
    expect(total(rollout.variations.map(({ weight }) => weight))).equal(100_000);
    const full = launchDarklyPayload({ ...ALLOCATION, coverage: 1 }).flags['related-1']!;
    expect(full.fallthrough.rollout.variations.map(({ weight }) => weight)).deep.equal([
      42_857, 28_572, 28_571,
    ]);
  });

  it('keep every LaunchDarkly context in place while the coverage grows', () => {
    // The evaluation library's own test data: the hash that this test puts contexts in their places by.
    expect(launchDarklyPlace('hashKey', 'saltyA', 'userKeyA')).closeTo(0.42157587, 1e-8);
    expect(launchDarklyPlace('hashKey', 'saltyA', 'userKeyC')).closeTo(0.10343106, 1e-8);
    for (let user = 0; user < 2000; user++) {
      let before: number | undefined;
      for (const coverage of [0.05, 0.3, 0.31, 0.8, 1]) {
        const { variation, untracked } = launchDarklyVariation({ ...ALLOCATION, coverage }, `user-${user}`);
        const now = untracked === true ? undefined : variation;
        if (before !== undefined) expect(now).equal(before);
        before = now;
      }
      expect(before).not.equal(undefined);
    }
  });

  it('agree with the bucketing function in the ranges that GrowthBook makes of them', () => {
    const { seed, coverage, weights } = growthBookPayload(ALLOCATION).features['related-1']!.rules[0];
    const ranges = plainPayload(ALLOCATION).arms.map(({ range }) => range);
    expect(bucketRanges(weights, coverage)).deep.equal(ranges);
    expect(seed).equal(ALLOCATION.seed);
    expect(armOf(ALLOCATION, 'user-1')).equal(armOf({ ...ALLOCATION, experiment: 'other' }, 'user-1'));
  });

  it('name the unit that the study names', () => {
    const allocation = { ...ALLOCATION, unit: 'visitor' };
    for (const [format, payload] of Object.entries(EXPORT_FORMATS)) {
      expect(JSON.stringify(payload(allocation)), format).include('"visitor"');
    }
  });

  it('are refused where an arm would get no traffic', () => {
    const arms = ALLOCATION.arms.map((arm, i) => ({ ...arm, share: [1000, 1000, 0.005][i]! }));
    for (const [format, payload] of Object.entries(EXPORT_FORMATS)) {
      expect(() => payload({ ...ALLOCATION, arms }), format)
        .throw(DomainError, /^arm "arm-2" has 0.00025 % of the traffic: expected at least 0.0?0?1 %/)
        .with.property('code', 'experiment_invalid');
    }
    expect(() => launchDarklyPayload({ ...ALLOCATION, coverage: 1e-6 })).throw(
      DomainError,
      'arm "baseline" has less than 0.001 % of the traffic where the coverage is 0.000001: expected more',
    );
  });

  it('are refused where Unleash cannot roll out so finely', () => {
    expect(
      unleashPayload({ ...ALLOCATION, coverage: 0.07 }).features[0].strategies[0].parameters.rollout,
    ).equal('7');
    for (const coverage of [0.125, 0.001]) {
      expect(() => unleashPayload({ ...ALLOCATION, coverage }))
        .throw(DomainError, `is ${coverage}: expected a whole percentage, which is what Unleash rolls out by`)
        .with.nested.property('place.pointer', '/coverage');
    }
  });
});
