import { expect } from 'chai';
import { formatModel } from '../../src/cli/format-model.ts';
import type { MetricModelReport } from '../../src/service/model-of-study.ts';

const METRIC: MetricModelReport = {
  kernel: 'matern52',
  observations: 400,
  fittedOn: 300,
  winsorized: 0,
  lengthscales: {
    fresh: { lengthscale: 12.3456, inUnitCube: 1.23456, importance: 0.25 },
    close: { lengthscale: 0.000123456, inUnitCube: 0.41, importance: 0.75 },
  },
  noise: { kind: 'mixed', medianSem: 0.25, inferredStddev: 0.1234567 },
  leaveOneOut: {
    rSquared: 0.984,
    rankCorrelation: -0.5,
    coverage: [
      { level: 0.5, inside: 190, share: 0.475 },
      { level: 0.9, inside: 361, share: 0.9025 },
      { level: 0.95, inside: 380, share: 0.95 },
    ],
    standardizedLogDensity: 1.016,
  },
};

describe('formatModel', () => {
  it('aligns noise of every kind, what is undefined, a subset and outliers', () => {
    const flat: MetricModelReport = {
      ...METRIC,
      winsorized: 2,
      noise: { kind: 'inferred', medianSem: null, inferredStddev: 2e-9 },
      leaveOneOut: { ...METRIC.leaveOneOut, rSquared: null, rankCorrelation: null },
    };
    const metrics = { relevance: METRIC, safety: flat };
    const text = formatModel({ study: 'feed', observations: 400, waitingFor: null, metrics });
    expect(text.split('\n')).to.deep.equal([
      'feed: models of 400 observations, each foretold from all others',
      '',
      'metric       R²  rank corr.  in 50 %  in 90 %  in 95 %  log density                              noise',
      'relevance  0.98       -0.50  190/400  361/400  380/400         1.02  0.250000 given, 0.123457 inferred',
      'safety        -           -  190/400  361/400  380/400         1.02                      2e-9 inferred',
      '',
      'lengthscale  fresh     close',
      'relevance     12.3  0.000123',
      'safety        12.3  0.000123',
      '',
      'Kernel matern52, hyperparameters fitted on 300 observations. R² is 1 at best, 0 for guessing the mean; the log',
      'density is -1.42 for guessing mean and spread. "in 90 %" counts the observations inside their central 90 % interval.',
      'Lengthscales are in units of the weights: the shorter, the faster the metric changes with the weight.',
      'All 400 observations are foretold.',
      'Outliers, winsorised here as in the models: 2 of safety.',
    ]);
  });

  it('says in one line what is waited for', () => {
    const waiting = { study: 'feed', observations: 0, waitingFor: 'the baseline', metrics: {} };
    expect(formatModel(waiting)).to.equal('feed: no model yet, the baseline');
  });
});
