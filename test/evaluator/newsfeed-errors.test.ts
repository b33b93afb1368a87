import { expect } from 'chai';
import { bootstrap } from '../../src/evaluator/bootstrap.ts';
import { bootstrapSummary, differences } from '../../src/evaluator/bootstrap-summary.ts';
import type { EngagementLog } from '../../src/evaluator/engagement-log.ts';
import { evaluateWithErrors, influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { drawResamples } from '../../src/evaluator/replicates/resamples.ts';
import { unitsOf } from '../../src/evaluator/units.ts';
import { halfSplitCoverage, NEWSFEED_BASELINE, NEWSFEED_METRICS, NEWSFEED_TRIAL } from './half-splits.ts';
import { newsfeedLog } from './newsfeed-log.ts';

const REPLICATES = 200;

describe('standard errors on the newsfeed log', () => {
  let log: EngagementLog;
  before(async function () {
    const found = await newsfeedLog();
    if (found === undefined) this.skip();
    log = found;
  });

  it('of one pass are within 10 % of 200 replicates by user, paired ones as well', () => {
    const scratch = createEvaluationScratch(log);
    const influenceScratch = createInfluenceScratch(log);
    const measured = { metrics: NEWSFEED_METRICS, combinations: [] };
    const influences = influencesOf(log, NEWSFEED_BASELINE, measured, scratch, influenceScratch);
    const found = evaluateWithErrors(log, NEWSFEED_TRIAL, measured, influences, scratch, influenceScratch);
    const units = unitsOf(log);
    expect(units.kind).to.equal('user');
    const resamples = drawResamples(units, REPLICATES, 1);
    const ofTrial = bootstrap(log, NEWSFEED_TRIAL, measured, resamples, scratch);
    const ofBaseline = bootstrap(log, NEWSFEED_BASELINE, measured, resamples, scratch);
    for (const { name } of NEWSFEED_METRICS) {
      const { sem } = bootstrapSummary(ofTrial[name]!);
      const paired = bootstrapSummary(differences(ofTrial[name]!, ofBaseline[name]!)).sem;
      expect(found[name]!.sem! / sem, name).to.be.closeTo(1, 0.1);
      expect(found[name]!.changeSem! / paired, `change of ${name}`).to.be.closeTo(1, 0.1);
    }
  });

  it('give intervals that cover, between random halves of the users', () => {
    // 20 splits and ten intervals each: a share of 0.95 has a standard error of 0.015, were they independent.
    const coverages = Object.values(halfSplitCoverage(log, 20));
    const shares = coverages.flatMap(({ value, change }) => [value, change]);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).to.be.within(0.9, 0.97);
  });
});
