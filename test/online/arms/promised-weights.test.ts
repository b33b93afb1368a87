import { expect } from 'chai';
import { promisedWeights } from '../../../src/online/arms/promised-weights.ts';
import { onlineSchema } from '../../../src/domain/online.ts';

const online = onlineSchema.parse({
  metrics: {
    saves: { kind: 'volume', offline: 'save.map' },
    clicks: { kind: 'propensity', offline: 'click.map' },
    hides: { kind: 'propensity' },
  },
  objective: 'maximize saves',
  guardrails: ['clicks >= 0.95 * baseline', 'hides <= 1.1 * baseline'],
});
const logged = (a: number, save: number, click: number) => ({
  weights: { a },
  metrics: { 'save.map': save, 'click.map': click },
});
const BASELINE = { 'save.map': 1, 'click.map': 1 };

describe('promisedWeights', () => {
  it('are the best under the guardrails by the log, and under stricter ones, each once', () => {
    const trials = [
      logged(1, 1.5, 0.94),
      logged(2, 1.4, 0.955),
      logged(3, 1.3, 0.99),
      logged(4, 1.2, 1),
      logged(5, 0.9, 2),
    ];
    expect(promisedWeights(online, trials, BASELINE)).to.deep.equal([
      { weights: { a: 2 }, tightened: 0 },
      // Both 0.97 and 0.99 are met.
      { weights: { a: 3 }, tightened: 0.02 },
    ]);
  });

  it('are what is least where that is wanted', () => {
    const least = { ...online, objective: { metric: 'saves', direction: 'minimize' as const } };
    const trials = [logged(1, 0.8, 1), logged(2, 0.9, 1), logged(3, 1.1, 1)];
    expect(promisedWeights(least, trials, BASELINE)).to.deep.equal([{ weights: { a: 1 }, tightened: 0 }]);
  });

  it('are none where nothing beats the baseline, or the log does not know it or the objective', () => {
    expect(promisedWeights(online, [logged(1, 1, 1)], BASELINE)).to.deep.equal([]);
    expect(promisedWeights(online, [logged(1, 2, 1)], undefined)).to.deep.equal([]);
    const unknown = { ...online, objective: { metric: 'hides', direction: 'minimize' as const } };
    expect(promisedWeights(unknown, [logged(1, 2, 1)], BASELINE)).to.deep.equal([]);
  });
});
