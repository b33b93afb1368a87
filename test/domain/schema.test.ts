import { expect } from 'chai';
import { z } from 'zod';
import { DomainError } from '../../src/domain/errors.ts';
import { checkDepth } from '../../src/domain/json-value.ts';
import { numberSchema } from '../../src/domain/number.ts';
import { parseWith, strictObject, textOr } from '../../src/domain/schema.ts';

function refusal(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError);
    return error as DomainError;
  }
  throw new Error('nothing was refused');
}

const place = (schema: z.ZodType, input: unknown): string | undefined =>
  refusal(() => parseWith(schema, input, 'request_invalid')).place.pointer;

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
};

describe('parseWith', () => {
  const form = z.union([numberSchema, strictObject({ mean: numberSchema, sem: numberSchema })], {
    error: 'expected a number or {mean, sem}',
  });

  it('points to what was given, with ~ and / escaped as RFC 6901 says', () => {
    const schema = z.record(z.string(), z.record(z.string(), z.number()));
    expect(place(schema, { 'a/b': { '~1': 'x' } })).to.equal('/a~1b/~01');
    expect(place(schema, { 'a/b': { '~': { constructor: 1 } } })).to.equal('/a~1b/~0/constructor');
  });

  it('reads a pointer back for people', () => {
    const error = refusal(() =>
      parseWith(z.record(z.string(), z.number()), { 'a/b~': 'x' }, 'request_invalid'),
    );
    expect(error.line).to.match(/^a\/b~: /);
  });

  it('says what is wrong with the form that a value has', () => {
    expect(place(form, { mean: 1, sem: 'x' })).to.equal('/sem');
    expect(place(form, { mean: 1, sem: 1, n: 2 })).to.equal('/n');
    expect(place(form, 2e100)).to.equal('');
    expect(refusal(() => parseWith(form, 'x', 'request_invalid')).message).to.equal(
      'is "x": expected a number or {mean, sem}',
    );
  });

  it('points to a text as a whole, whatever it was parsed to', () => {
    const schema = z.array(
      textOr((text) => ({ value: Number(text) }), strictObject({ value: numberSchema }), '2'),
    );
    expect(place(schema, ['1', '2e100'])).to.equal('/1');
    expect(place(schema, ['1', { value: 2e100 }])).to.equal('/1/value');
  });

  it('tells the first problem, how many more there are, and the first 20 as details', () => {
    const error = refusal(() => parseWith(z.array(z.number()), Array(30).fill('x'), 'request_invalid'));
    expect(error.message).to.equal('is "x": expected a number (and 29 more)');
    expect(error.details.errors).to.have.length(20);
    expect(error.details.errors![19]).to.deep.equal({ pointer: '/19', detail: 'is "x": expected a number' });
    expect(error.at({ file: 'a.yaml' }).details).to.equal(error.details);
  });

  for (const value of [1e100, -1e100, 0, 5e-324]) {
    it(`takes the number ${value}`, () => {
      expect(parseWith(numberSchema, value, 'request_invalid')).to.equal(value);
    });
  }

  for (const value of [1.0000000000000002e100, -1.7e308, Infinity, -Infinity, NaN]) {
    it(`does not take the number ${value}`, () => {
      expect(place(numberSchema, value)).to.equal('');
    });
  }

  it('finds a reserved key however deep it lies', () => {
    const deep = { list: [nested(100_000), { prototype: 1 }] };
    expect(place(z.unknown(), deep)).to.equal('/list/1/prototype');
  });
});

describe('checkDepth', () => {
  it('takes 32 levels and no more, however many there are', () => {
    expect(() => checkDepth(nested(32), 'request_invalid')).to.not.throw();
    for (const depth of [33, 100_000]) {
      expect(refusal(() => checkDepth(nested(depth), 'request_invalid')).message).to.equal(
        'is nested deeper than 32 levels: expected fewer',
      );
    }
  });
});
