import { expect } from 'chai';
import { thompsonSamples } from '../../acquisition/thompson.ts';
import { jointPosterior } from '../../gp/posterior.ts';
import { normalCdf } from '../../math/normal.ts';
import { randomStream } from '../../math/random.ts';
import { noisyStudy } from './noisy-study.ts';

const GRID = Float64Array.from(
  Array.from({ length: 25 }, (_, i) => [(i % 5) / 4, Math.floor(i / 5) / 4]).flat(),
);

describe('thompsonSamples', () => {
  it('chooses between two distant candidates as often as one beats the other', () => {
    const { processes, metrics, observed } = noisyStudy();
    const problem = {
      processes,
      metrics,
      observed,
      guardrails: [],
      objective: { metric: 0, sign: 1 },
      pending: new Float64Array(),
    } as const;
    const candidates = Float64Array.of(0.2, 0.05, 0.6, 0.95);
    const draws = 4000;
    const choices = thompsonSamples(problem, candidates, draws, randomStream(1, 'thompson'));
    const { mean, covariance } = jointPosterior(processes[0]!, candidates);
    const [a, shared, , b] = covariance;
    const expected = normalCdf((mean[0]! - mean[1]!) / Math.sqrt(a! + b! - 2 * shared!));
    const share = choices.filter(({ index }) => index === 0).length / draws;
    expect(Math.abs(share - expected)).below(4.5 * Math.sqrt((expected * (1 - expected)) / draws));
    expect(expected).within(0.05, 0.95);
    expect(choices.every(({ feasible }) => feasible)).equal(true);
  });

  it('takes the least violating candidate, and says so, where a sample has no feasible one', () => {
    const problem = noisyStudy();
    const hopeless = {
      ...problem,
      guardrails: [{ metric: 2, relation: '<=', factor: 0, offset: -50 }],
    } as const;
    const choices = thompsonSamples(hopeless, GRID, 20, randomStream(2, 'thompson'));
    expect(choices.some(({ feasible }) => feasible)).equal(false);
    const { mean, covariance } = jointPosterior(problem.processes[2]!, GRID);
    const m = mean.length;
    const least = mean.indexOf(Math.min(...mean));
    for (const { index } of choices) {
      const [own, other, shared] = [index * m + index, least * m + least, index * m + least];
      const variance = covariance[own]! + covariance[other]! - 2 * covariance[shared]!;
      expect(mean[index]! - mean[least]!).at.most(4.5 * Math.sqrt(Math.max(0, variance)));
      expect(mean[index]!).below(mean.toSorted()[Math.floor(m / 2)]!);
    }
  });

  it('spreads a batch over several candidates, the same ones for the same seed', () => {
    const [chosen, again] = [3, 3].map((seed) =>
      thompsonSamples(noisyStudy(), GRID, 8, randomStream(seed, 'thompson')).map(({ index }) => index),
    );
    expect(new Set(chosen).size).above(1);
    expect(again).deep.equal(chosen);
  });

  it('refuses no candidates at all', () => {
    const problem = noisyStudy();
    expect(() => thompsonSamples(problem, new Float64Array(), 1, randomStream(4))).throw(
      RangeError,
      '0 numbers',
    );
  });
});
