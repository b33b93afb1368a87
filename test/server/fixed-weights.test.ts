import { expect } from 'chai';
import { expectProblem } from './exchange.ts';
import { createStudy, relevanceAndSafety, type TrialBody } from './relevance-study.ts';
import { serviceOfThisFile } from './running-service.ts';

describe('fixed weights of a suggestion', () => {
  const service = serviceOfThisFile();
  const ask = (study: string, body: object) =>
    service().post<{ trials: TrialBody[] }>(`/v1/studies/${study}/trials:suggest`, body);
  const constrained = {
    baseline: undefined,
    guardrails: ['safety >= 0.4'],
    constraints: ['fresh <= 2 * close', 'fresh + liked >= 0.3'],
  };

  it('are held, in the design and by the models, while all else keeps sum, ranges and constraints', async () => {
    await createStudy(service(), 'held', constrained);
    const generators = new Set<string>();
    for (const [round, fresh] of [0.25, 0.1, 0.3, 1 / 3].entries()) {
      const { status, text, body } = await ask('held', { count: 3, fixed: { fresh } });
      expect(status, text).to.equal(200);
      expect(body.trials).to.have.length(3);
      for (const { number, weights, provenance } of body.trials) {
        expect(weights['fresh']).to.be.closeTo(fresh, 1e-12);
        const [close, liked] = [weights['close']!, weights['liked']!];
        expect(fresh + close + liked).to.be.closeTo(1, 1e-12);
        expect(fresh).to.be.at.most(2 * close + 1e-9);
        expect(fresh + liked).to.be.at.least(0.3 - 1e-9);
        generators.add(provenance.generator);
        await service().post(`/v1/studies/held/trials/${number}:complete`, {
          metrics: relevanceAndSafety(weights),
        });
      }
      const weights = body.trials.map((trial) => JSON.stringify(trial.weights));
      expect(new Set(weights).size, `round ${round}`).to.equal(3);
    }
    expect([...generators]).to.include.members(['space_filling', 'log_constrained_expected_improvement']);
    const free = await ask('held', {});
    expect(free.body.trials[0]!.weights['fresh']).to.not.be.oneOf([0.25, 0.1, 0.3, 1 / 3]);
  });

  it('leave the baseline to a suggestion without them', async () => {
    await createStudy(service(), 'later');
    const { body } = await ask('later', { fixed: { fresh: 0.5 } });
    expect(body.trials.map(({ number, weights }) => [number, weights['fresh']])).to.deep.equal([[1, 0.5]]);
    expect((await ask('later', {})).body.trials[0]!.number).to.equal(0);
  });

  for (const [what, fixed, code, pointer, detail] of [
    [
      'a weight that is none',
      { old: 0.5 },
      'weights_invalid',
      '/fixed/old',
      'unknown weight: expected one of fresh, close, liked',
    ],
    [
      'a value outside its range',
      { fresh: 1.5 },
      'weights_invalid',
      '/fixed/fresh',
      'is 1.5: expected a number from 0 to 1',
    ],
    [
      'values that break the sum',
      { fresh: 0.7, close: 0.6 },
      'constraints_infeasible',
      '/fixed',
      'no weights satisfy all of',
    ],
    [
      'values that break a constraint',
      { fresh: 0.8 },
      'constraints_infeasible',
      '/fixed',
      'no weights satisfy all of',
    ],
    [
      'all but one of the weights',
      { fresh: 0.2, close: 0.5 },
      'weights_invalid',
      '/fixed',
      'leave no weight to choose',
    ],
    ['text', { fresh: 'a' }, 'request_invalid', '/fixed/fresh', 'expected'],
  ] as const) {
    it(`with ${what} are refused, and store nothing`, async () => {
      const name = `refused-${what.replaceAll(' ', '-')}`;
      await createStudy(service(), name, constrained);
      expect(expectProblem(await ask(name, { fixed }), 422, code, pointer).detail).to.contain(detail);
      const { body } = await service().get<{ trials: unknown[] }>(`/v1/studies/${name}/trials`);
      expect(body.trials).to.deep.equal([]);
    });
  }
});
