import { expect } from 'chai';
import { conditionCoregionalized } from '../../../gp/coregionalization/coregionalization.ts';
import { correlationPosterior } from '../../../gp/coregionalization/correlation-posterior.ts';
import { fitCoregionalized } from '../../../gp/coregionalization/fit.ts';
import { conditionMixture } from '../../../gp/coregionalization/mixture.ts';
import { observationsOf, transferEvidence } from '../../../gp/coregionalization/transfer.ts';
import { coregionalizedLeaveOneOut } from '../../../gp/coregionalization/leave-one-out.ts';
import { diagnose } from '../../../gp/diagnostics.ts';
import { randomStream } from '../../../math/random.ts';
import { mean, sampleStddev } from '../../../math/statistics.ts';
import { drawWorld } from './world.ts';

const WORLD = {
  counts: [40, 10],
  dimension: 2,
  lengthscale: 0.4,
  noiseVariance: 0.02,
  sharedInputs: true,
} as const;

const WORLDS = 15;

/** together − alone of each world. */
function gains(correlation: number): Float64Array {
  return Float64Array.from({ length: WORLDS }, (_, seed) => {
    const data = drawWorld({ ...WORLD, correlation }, randomStream(seed, 'transfer'));
    const posterior = correlationPosterior(data, fitCoregionalized(data, { starts: 2 }), { points: 11 });
    const { together, alone, helps } = transferEvidence(data, conditionMixture(data, posterior), 1);
    expect(helps).to.equal(together > alone);
    return together - alone;
  });
}

describe('transferEvidence', () => {
  for (const correlation of [0.98, -0.98]) {
    it(`is for a log that correlates with the online task at ${correlation}, by 3 standard errors`, () => {
      const found = gains(correlation);
      expect(mean(found)).to.be.greaterThan((3 * sampleStddev(found)) / Math.sqrt(WORLDS));
    });
  }

  it('is mostly against a log that tells nothing', () => {
    const found = gains(0);
    expect(mean(found)).to.be.lessThan((2 * sampleStddev(found)) / Math.sqrt(WORLDS));
    expect(found.filter((gain) => gain > 0).length).to.be.lessThan(WORLDS / 2);
  });

  it('is that of the diagnostics for a mixture of one process', () => {
    const data = drawWorld({ ...WORLD, correlation: 0.5 }, randomStream(7, 'transfer'));
    const process = conditionCoregionalized(data, fitCoregionalized(data, { starts: 1 }));
    const { together } = transferEvidence(data, { components: [{ weight: 1, process }] }, 1);
    const loo = coregionalizedLeaveOneOut(process);
    const { data: own, rows } = observationsOf(data, 1);
    const pick = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
    const found = diagnose(own.y, { mean: pick(loo.mean), variance: pick(loo.variance) });
    expect(together).to.be.closeTo(found.meanLogPredictiveDensity, 1e-12);
    expect(() => observationsOf(data, 2)).to.throw(RangeError, '2');
  });
});
