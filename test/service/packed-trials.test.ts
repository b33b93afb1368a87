import { expect } from 'chai';
import * as fc from 'fast-check';
import { generatorSchema, type Observation, type Trial } from '../../src/domain/trial.ts';
import { packTrials, unpackTrials } from '../../src/service/packed-trials.ts';
import { smallDefinition } from '../optimizer/small-study-definition.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const observation: fc.Arbitrary<Observation> = fc
  .record({
    mean: finite,
    sem: fc.option(finite.map(Math.abs)),
    n: fc.option(fc.nat(), { nil: undefined }),
    changeSem: fc.option(finite.map(Math.abs), { nil: undefined }),
  })
  .map(({ mean, sem, n, changeSem }) => ({
    mean,
    sem,
    ...(n !== undefined && { n }),
    ...(changeSem !== undefined && { changeSem }),
  }));
const trial = fc.record({
  number: fc.nat(),
  state: fc.constantFrom('running' as const, 'completed' as const, 'failed' as const, 'infeasible' as const),
  weights: fc.option(fc.record({ a: finite, b: finite, c: finite }), { freq: 5 }),
  provenance: fc.constantFrom(...generatorSchema.options).map((generator) => ({ generator })),
  observations: fc.record({ gain: observation, cost: observation }, { requiredKeys: [] }),
});

describe('packed trials', () => {
  it('are the same when they are unpacked, and tell anew what is lacking', () => {
    const definition = smallDefinition({ guardrails: ['cost <= 1'] });
    fc.assert(
      fc.property(fc.array(trial, { maxLength: 20 }), (trials) => {
        const unpacked = unpackTrials(definition, packTrials(trials)).map(
          ({ leaseExpiresAt: _leaseExpiresAt, ...each }: Trial & { leaseExpiresAt?: null }) => each,
        );
        const expected = trials.map((each): Trial => {
          const lacks = ['gain', 'cost'].filter((metric) => !(metric in each.observations));
          const isPartial = each.state === 'completed' && each.weights !== null && lacks.length > 0;
          return isPartial ? { ...each, lacks } : each;
        });
        expect(unpacked).to.deep.equal(expected);
      }),
    );
  });
});
