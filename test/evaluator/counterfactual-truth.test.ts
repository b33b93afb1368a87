import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { mean, sampleStddev } from '../../math/statistics.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { Observation } from '../../src/domain/trial.ts';
import { type MatchReport, matchReports } from '../../src/evaluator/counterfactual/match-report.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { unitsOf } from '../../src/evaluator/units.ts';
import { clickWorld, loggedRequests, trueValue } from './click-world.ts';
import { placedLog } from './placed-log.ts';

const LOGS = 400;
const REQUESTS = 1500;
/** So many standard errors of a mean or a share over the logs: a false alarm in 150,000. */
const ERRORS = 4.5;
/** Φ⁻¹(0.975). */
const TWO_SIDED_95 = 1.959963984540054;

const metric = (name: string): LogMetric => parseLogMetric(`click.${name}`, ['click']) as LogMetric;
const discount = (place: number): number => 1 / Math.log2(place + 1);
const once = (): number => 1;

const world = clickWorld(randomStream(31, 'click world'));
const truthOf = (by: 'candidate' | 'other', kind: string): number =>
  kind.includes('dcg') ? trueValue(world, by, 3, discount) : trueValue(world, by, 2, once);

const KINDS = ['ips.engagement@2', 'snips.engagement@2', 'ips.dcg@3', 'snips.dcg@3'];
const METRICS = [...KINDS, 'engagement@2', 'dcg@3'].map(metric);

/** One log's observations of the candidate, paired with the other ranking, and the changes. */
function observe(seed: number): Readonly<Record<string, Observation & { readonly change: number }>> {
  const random = (): ReturnType<typeof randomStream> => randomStream(seed, 'logged requests');
  const log = placedLog(loggedRequests(world, random(), REQUESTS, 'candidate'));
  const { baselineScore } = placedLog(loggedRequests(world, random(), REQUESTS, 'other'));
  const beside = { ...log, baselineScore };
  const measured = { metrics: METRICS, combinations: [] };
  const [scratch, influenceScratch] = [createEvaluationScratch(log), createInfluenceScratch(log)];
  const baseline = influencesOf(beside, 'baselineScore', measured, scratch, influenceScratch);
  const other = evaluateWithErrors(beside, 'baselineScore', measured, undefined, scratch, influenceScratch);
  const found = evaluateWithErrors(log, 'baselineScore', measured, baseline, scratch, influenceScratch);
  return Object.fromEntries(
    Object.entries(found).map(([name, each]) => [name, { ...each, change: each.mean - other[name]!.mean }]),
  );
}

describe('counterfactual estimates of a ranking that was never shown', () => {
  let logs: readonly ReturnType<typeof observe>[];
  before(() => {
    logs = Array.from({ length: LOGS }, (_, seed) => observe(seed));
  });

  const valuesOf = (kind: string, of: 'mean' | 'change'): Float64Array =>
    Float64Array.from(logs, (log) => log[`click.${kind}`]![of]);

  for (const kind of KINDS) {
    it(`are right on average: ${kind}, and its change to another ranking`, () => {
      const change = truthOf('candidate', kind) - truthOf('other', kind);
      for (const [of, truth] of [
        ['mean', truthOf('candidate', kind)],
        ['change', change],
      ] as const) {
        const values = valuesOf(kind, of);
        const error = sampleStddev(values) / Math.sqrt(LOGS);
        expect(mean(values), of).to.be.closeTo(truth, ERRORS * error);
      }
    });

    it(`have the standard error that they say: ${kind}`, () => {
      const sems = Float64Array.from(logs, (log) => log[`click.${kind}`]!.sem!);
      const changeSems = Float64Array.from(logs, (log) => log[`click.${kind}`]!.changeSem!);
      // The relative error of a standard deviation from n values is about 1/√(2n).
      const tolerance = ERRORS / Math.sqrt(2 * LOGS);
      expect(mean(sems) / sampleStddev(valuesOf(kind, 'mean'))).to.be.closeTo(1, tolerance);
      expect(mean(changeSems) / sampleStddev(valuesOf(kind, 'change'))).to.be.closeTo(1, tolerance);
    });

    it(`lie in intervals that cover 95 % of the time: ${kind}`, () => {
      const truth = truthOf('candidate', kind);
      const covered = logs.filter((log) => {
        const { mean: value, sem } = log[`click.${kind}`]!;
        return Math.abs(value - truth) <= TWO_SIDED_95 * sem!;
      });
      expect(covered.length / LOGS).to.be.closeTo(0.95, ERRORS * Math.sqrt((0.95 * 0.05) / LOGS));
    });
  }

  for (const [naive, kind] of [
    ['engagement@2', 'ips.engagement@2'],
    ['dcg@3', 'ips.dcg@3'],
  ] as const) {
    it(`are not what ${naive} of the log says, which is tens of its standard errors off`, () => {
      const values = valuesOf(naive, 'mean');
      const off = Math.abs(mean(values) - truthOf('candidate', kind));
      expect(off).to.be.greaterThan((20 * sampleStddev(values)) / Math.sqrt(LOGS));
      const misses = logs.filter(
        (log) =>
          Math.abs(log[`click.${naive}`]!.mean - truthOf('candidate', kind)) >
          TWO_SIDED_95 * log[`click.${naive}`]!.sem!,
      );
      expect(misses.length).to.be.greaterThan(0.5 * LOGS);
    });
  }

  it('are less noisy when they are self-normalised', () => {
    for (const [ips, snips] of [KINDS.slice(0, 2), KINDS.slice(2)] as [string, string][])
      expect(sampleStddev(valuesOf(snips, 'mean'))).to.be.below(sampleStddev(valuesOf(ips, 'mean')));
  });
});

function reportOf(log: EngagementLog, name: string): MatchReport {
  const scratch = createEvaluationScratch(log);
  return matchReports(log, 'baselineScore', [metric(name)], scratch, unitsOf(log))[`click.${name}`]!;
}

describe('the report on what a counterfactual metric is estimated from', () => {
  const requests = loggedRequests(world, randomStream(7, 'report'), 3000, 'candidate');
  it('has a mean weight of 1 within its error, and the sizes and weights of the definition', () => {
    const log = placedLog(requests);
    const { meanWeight, meanWeightSem, largestWeight, effectiveSampleSize, clippedShare } = reportOf(
      log,
      'ips.engagement@2',
    );
    expect(meanWeight).to.be.closeTo(1, ERRORS * meanWeightSem!);
    const weights = requests.flatMap((rows) => {
      const ranked = rows.toSorted((a, b) => b.utility - a.utility);
      return ranked
        .filter(({ place }, i) => place === i + 1 && place <= 2)
        .map(({ propensity }) => 1 / propensity);
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    expect(largestWeight).to.equal(Math.max(...weights));
    expect(effectiveSampleSize).to.be.closeTo(sum ** 2 / weights.reduce((a, b) => a + b * b, 0), 1e-8);
    expect(meanWeight).to.be.closeTo(sum / (2 * requests.length), 1e-12);
    expect(clippedShare).to.equal(0);
    const { clippedShare: share, largestWeight: clipped } = reportOf(log, 'snips.engagement@2{clip=3}');
    expect(clipped).to.equal(3);
    expect(share).to.equal(weights.filter((weight) => weight > 3).length / weights.length);
  });

  it('has the standard error of the mean weight that logs show', () => {
    const reports = Array.from({ length: LOGS }, (_, seed) =>
      reportOf(
        placedLog(loggedRequests(world, randomStream(seed, 'mean weight'), 300, 'candidate')),
        'ips.dcg@3',
      ),
    );
    const sems = Float64Array.from(reports, ({ meanWeightSem }) => meanWeightSem!);
    const values = Float64Array.from(reports, ({ meanWeight }) => meanWeight!);
    expect(mean(sems) / sampleStddev(values)).to.be.closeTo(1, ERRORS / Math.sqrt(2 * LOGS));
  });

  it('has a mean weight below 1 where production never shows what the ranking shows', () => {
    // The first place is left to one item, so that its propensity there is 1.
    const certain = requests.map((rows) => {
      const first = rows.find(({ place }) => place === 1)!;
      return rows.map((row) => (row === first ? { ...row, propensity: 1 } : row));
    });
    const { meanWeight, meanWeightSem } = reportOf(placedLog(certain), 'ips.engagement@1');
    expect(meanWeight).to.be.below(1 - 10 * meanWeightSem!);
  });
});
