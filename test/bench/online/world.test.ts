import { expect } from 'chai';
import { objectiveLift, violation } from '../../../bench/online/world/best-weights.ts';
import { runExperiment } from '../../../bench/online/world/experiment.ts';
import { HEAD_COUNT, HEADS, OBJECTIVE } from '../../../bench/online/world/heads.ts';
import { metricCorrelations } from '../../../bench/online/world/metric-correlations.ts';
import { simulateUsers } from '../../../bench/online/world/simulate-users.ts';
import { userMoments } from '../../../bench/online/world/user-moments.ts';
import { drawWorld, offlineOptimum, trueOptimum, type World } from '../../../bench/online/world/world.ts';
import { samplePolytope } from '../../../math/polytope/sampling.ts';
import { randomStream } from '../../../math/random.ts';
import { WEIGHT_SPACE } from '../../../bench/online/world/weight-space.ts';

/** Seeds that no prior was set on and no strategy is run on. */
const SEEDS = [500, 501, 502, 503, 504, 505];

const correlationsOf = (world: World): readonly number[] =>
  metricCorrelations(world, randomStream(world.seed, 'test', 'correlation'));

/** m_t(w) from its definition: every candidate of every request is sorted by utility. */
function sortedMetric({ parameters, population }: World, weights: Float64Array, t: number): number {
  const { users, requestsOfUser, candidatesOfRequest: count, activity, candidates } = population;
  let sum = 0;
  for (let request = 0; request < users * requestsOfUser; request++) {
    const rows = Array.from({ length: count }, (_, i) => request * count + i);
    const utility = (i: number): number =>
      HEADS.reduce((u, head, k) => {
        const term = weights[k]! * candidates.belief[k]![i]!;
        return head === 'hide' ? u - term : u + term;
      }, 0);
    const best = rows.toSorted((a, b) => utility(b) - utility(a)).slice(0, 6);
    const seen = best.reduce((m, i, s) => m + parameters.examination[s]! * candidates.truth[t]![i]!, 0);
    sum += (activity[Math.floor(request / requestsOfUser)]! / requestsOfUser) * seen;
  }
  return sum / users;
}

describe('the simulated surface', () => {
  it('is the same for the same seed, log and experiment too', () => {
    const [a, b] = [drawWorld('misleading', 7), drawWorld('misleading', 7)];
    expect(a.baseline).to.deep.equal(b.baseline);
    expect(a.log.heads.map(({ label }) => [...label])).to.deep.equal(
      b.log.heads.map(({ label }) => [...label]),
    );
    expect(runExperiment(a, [], 0)).to.deep.equal(runExperiment(b, [], 0));
    expect(drawWorld('misleading', 8).baseline).not.to.deep.equal(a.baseline);
  });

  it('has true metrics as their definition says', () => {
    const world = drawWorld('trustworthy', SEEDS[0]!);
    const [weights] = samplePolytope(WEIGHT_SPACE, 1, randomStream(1, 'test', 'weights'));
    const found = world.truth(weights!);
    HEADS.forEach((_, t) =>
      expect(found[t]).to.be.closeTo(sortedMetric(world, weights!, t), 1e-12 * found[t]!),
    );
  });

  it('counts users as their exact moments say, to 4.5 standard errors', () => {
    const { parameters, population, baseline, truth } = drawWorld('misleading', SEEDS[1]!);
    const spurious = truth(baseline).map((value) => 0.05 * value);
    const exact = userMoments(parameters, population, baseline, spurious);
    const users = 40_000;
    const random = randomStream(2, 'test', 'users');
    const counts = simulateUsers(parameters, population, baseline, spurious, users, random);
    for (let t = 0; t < HEAD_COUNT; t++) {
      for (let u = 0; u <= t; u++) {
        const products = Float64Array.from(
          { length: users },
          (_, i) =>
            (counts[i * HEAD_COUNT + t]! - exact.mean[t]!) * (counts[i * HEAD_COUNT + u]! - exact.mean[u]!),
        );
        expectMean(products, exact.covariance[t * HEAD_COUNT + u]!, `covariance ${t}, ${u}`);
      }
      const own = Float64Array.from({ length: users }, (_, i) => counts[i * HEAD_COUNT + t]!);
      expectMean(own, exact.mean[t]!, `mean ${t}`);
    }
  });

  it('reads arms with the errors that it says, and one season a round for all arms', () => {
    const world = drawWorld('trustworthy', SEEDS[2]!);
    const arms = Array.from({ length: 200 }, () => world.baseline);
    const readout = runExperiment(world, arms, 0);
    const next = runExperiment(world, arms, 1);
    const exact = userMoments(
      world.parameters,
      world.population,
      world.baseline,
      world.truth(world.baseline).map((value, t) => value * world.parameters.spurious[t]!),
    );
    for (let t = 0; t < HEAD_COUNT; t++) {
      const means = readout.map(({ mean }) => mean[t]!);
      const centre = means.reduce((sum, value) => sum + value, 0) / means.length;
      const spread = Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 200);
      // The standard error of a standard deviation from 201 values is 5 %.
      expect(spread / readout[0]!.standardError[t]!).to.be.within(0.77, 1.23);
      // The season is a factor of all arms of a round, a few per cent from 1, and another in the next round.
      const season = centre / exact.mean[t]!;
      expect(Math.abs(Math.log(season))).to.be.within(1e-4, 0.15);
      expect(next[0]!.standardError[t]! / readout[0]!.standardError[t]!).not.to.be.closeTo(1, 1e-4);
    }
  });

  it('finds a true optimum that meets the guardrails and that no sampled weights beat by a tenth of its lift', () => {
    const world = drawWorld('trustworthy', SEEDS[3]!);
    const base = world.truth(world.baseline);
    const { metrics } = trueOptimum(world);
    expect(violation(metrics, base)).to.be.at.most(0);
    const lift = objectiveLift(metrics, base);
    for (const weights of samplePolytope(WEIGHT_SPACE, 2000, randomStream(3, 'test', 'optimum'))) {
      const sampled = world.truth(weights);
      if (violation(sampled, base) <= 0) expect(objectiveLift(sampled, base)).to.be.at.most(1.1 * lift);
    }
  }).timeout(240_000);

  it('correlates with a trustworthy log above 0.8 in every metric', () => {
    for (const seed of SEEDS) {
      for (const found of correlationsOf(drawWorld('trustworthy', seed))) expect(found).to.be.above(0.8);
    }
  });

  it('does not correlate with a useless log: on new weights each metric within 0.7, the mean of all within 0.3', () => {
    const all = SEEDS.slice(0, 3).flatMap((seed) => correlationsOf(drawWorld('useless', seed)));
    for (const found of all) expect(Math.abs(found)).to.be.below(0.7);
    expect(Math.abs(all.reduce((sum, value) => sum + value, 0) / all.length)).to.be.below(0.3);
  }).timeout(240_000);

  it('has misleading logs, whose optimum is truly below the baseline in most worlds', () => {
    const worse = SEEDS.filter((seed) => {
      const world = drawWorld('misleading', seed);
      const { metrics, weights } = offlineOptimum(world);
      const base = world.truth(world.baseline);
      expect(metrics[OBJECTIVE]).to.be.above(world.offline(world.baseline)[OBJECTIVE]!);
      return objectiveLift(world.truth(weights), base) < 0;
    });
    // At 80 % fewer than three of six have a probability of 1.7 %.
    expect(worse.length).to.be.at.least(3);
  });
});

function expectMean(values: Float64Array, expected: number, what: string): void {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  expect(Math.abs(mean - expected), what).to.be.below(4.5 * Math.sqrt(variance / n));
}
