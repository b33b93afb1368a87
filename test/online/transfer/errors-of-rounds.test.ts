import { expect } from 'chai';
import { randomStream } from '../../../math/random.ts';
import { drawLifts } from '../../../src/online/transfer/lift-models.ts';
import { liftMoments } from '../../../src/online/transfer/lift-moments.ts';
import { onlineModels } from '../../../src/online/transfer/online-models.ts';
import { encodeStudy, toVector } from '../../../src/optimizer/encode.ts';
import { EVIDENCE, SOME_ARMS, WORLD_STUDY } from '../arms/online-world.ts';

const tested = SOME_ARMS.map((weights) => toVector(encodeStudy(WORLD_STUDY), weights));

function told(correlation: number, metrics: [string, string] = ['saves', 'clicks']) {
  const rounds = EVIDENCE.rounds.map((round) => ({ ...round, correlations: [{ metrics, correlation }] }));
  return onlineModels(WORLD_STUDY, { ...EVIDENCE, rounds });
}

describe('the errors of rounds', () => {
  it('are apart where no readout tells how metrics go together', () => {
    expect(onlineModels(WORLD_STUDY, EVIDENCE).lifts.errors).to.equal(undefined);
  });

  it('are those of the arms, each metric’s beside the others’', () => {
    const { covariance, y, arms } = told(0.8, ['clicks', 'saves']).lifts.errors!;
    expect(arms).to.equal(5);
    expect(y).to.have.lengthOf(10);
    // 0.5 % each: the first metric's arms, then the second's.
    expect(covariance[0 * 10 + 5]!).to.be.closeTo(0.8 * 0.005 ** 2, 1e-6);
    expect(covariance[0 * 10 + 6]!).to.equal(0);
  });

  it('change what is believed of the arms', () => {
    const moments = (models: ReturnType<typeof told>) =>
      drawLifts(models.lifts, tested, 2048, randomStream(1, 'believed')).metrics.map((draws) =>
        liftMoments(draws, tested.length),
      );
    const [apart] = moments(told(0));
    const [alone] = moments(onlineModels(WORLD_STUDY, EVIDENCE));
    const [together] = moments(told(0.95));
    apart!.mean.forEach((mean, i) => {
      const stddev = Math.sqrt(alone!.covariance[i * tested.length + i]!);
      // Two means of 2048 draws, and combinations of 16: within a fifth of a standard deviation.
      expect(Math.abs(mean - alone!.mean[i]!)).to.be.below(0.2 * stddev);
    });
    const trace = ({ covariance }: typeof apart & object): number =>
      tested.reduce((sum, _, i) => sum + covariance[i * tested.length + i]!, 0);
    expect(trace(together!)).to.be.below(trace(alone!));
  });
});
