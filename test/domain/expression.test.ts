import { expect } from 'chai';
import * as fc from 'fast-check';
import { parseRelation } from '../../src/domain/expression.ts';
import { formatLinearConstraint, linearConstraintSchema } from '../../src/domain/linear-constraint.ts';
import { formatGuardrail, guardrailSchema } from '../../src/domain/guardrail.ts';

describe('parseRelation', () => {
  const cases: readonly [string, string][] = [
    ['click', '"click" has no relation: expected <=, >= or =='],
    ['click < 1', '"click < 1" uses "<": expected <=, >= or =='],
    ['click = 1', '"click = 1" uses "=": expected <=, >= or =='],
    ['<= 1', '"<= 1" has an empty side'],
    ['click <=', '"click <=" has an empty side'],
    ['2 click <= 1', '"2 click <= 1" lacks a + or - before "click"'],
    ['click * save <= 1', '"click * save <= 1" multiplies click by save: expected a linear expression'],
    ['click * <= 1', '"click * <= 1" ends where a number or a name is expected'],
    ['(click) <= 1', '"(click) <= 1" has an unexpected "("'],
    ['click <= 1 <= 2', '"click <= 1 <= 2" has more than one relation'],
    ['1e999 * a <= 1', '"1e999 * a <= 1" has a number that is not finite'],
    ['a <= 1e999', '"a <= 1e999" has a number that is not finite'],
    [`${'a + '.repeat(150)} a <= 1`, 'expression has more than 200 terms and signs'],
    [`${' '.repeat(1001)}a <= 1`, 'expression is longer than 1000 characters'],
  ];
  for (const [text, complaint] of cases) {
    it(`says of ${text.trim().slice(0, 30)}: ${complaint.slice(-40)}`, () => {
      expect(parseRelation(text)).to.equal(complaint);
    });
  }

  it('adds up terms that repeat a name, on both sides, with signs and scientific numbers', () => {
    const parsed = linearConstraintSchema.parse('-save + 2*click + 1.5e-1 - click <= .25*save*2 - 3');
    expect(parsed).to.deep.equal({ coefficients: { save: -1.5, click: 1 }, relation: '<=', bound: -3.15 });
  });

  it('never throws or hangs, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('ab1.e+-*<>= ([]{,}"\\\u0000é')) }),
        (text) => {
          const parsed = parseRelation(text);
          expect(parsed).to.satisfy((p: unknown) => typeof p === 'string' || typeof p === 'object');
        },
      ),
    );
  });
});

describe('linear constraints', () => {
  it('lose no term whose name no weight can have', () => {
    for (const [text, message] of [
      ['__proto__ + a <= 1', '"__proto__" is a reserved word'],
      ['a <= constructor', '"constructor" is a reserved word'],
      ['a.b + a <= 1', 'names "a.b": expected a name of letters, digits and _ (not starting with a digit)'],
    ] as const) {
      const { error } = linearConstraintSchema.safeParse(text);
      expect(error?.issues.map((issue) => issue.message)).to.deep.equal([message]);
    }
  });

  it('survive being formatted and read again', () => {
    const coefficient = fc
      .integer({ min: -1000, max: 1000 })
      .filter((n) => n !== 0)
      .map((n) => n / 8);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('click', 'save', 'hide'), coefficient, {
          minKeys: 1,
          noNullPrototype: true,
        }),
        fc.constantFrom('<=' as const, '>=' as const, '==' as const),
        fc.integer({ min: -100, max: 100 }),
        (coefficients, relation, bound) => {
          const constraint = { coefficients, relation, bound };
          expect(linearConstraintSchema.parse(formatLinearConstraint(constraint))).to.deep.equal(constraint);
        },
      ),
    );
  });
});

describe('guardrails', () => {
  const forms: readonly [string, string][] = [
    ['click >= 0.98 * baseline', 'click >= 0.98 * baseline'],
    ['click >= baseline * 0.98', 'click >= 0.98 * baseline'],
    ['click.ndcg@10 >= baseline', 'click.ndcg@10 >= baseline'],
    ['cost <= 1.02 * baseline', 'cost <= 1.02 * baseline'],
    ['click >= baseline - 0.01', 'click >= baseline - 0.01'],
    ['cost <= baseline + 3', 'cost <= baseline + 3'],
    ['click >= 0.3', 'click >= 0.3'],
  ];
  for (const [text, formatted] of forms) {
    it(`reads ${text}`, () => {
      const guardrail = guardrailSchema.parse(text);
      expect(formatGuardrail(guardrail)).to.equal(formatted);
      expect(guardrailSchema.parse(guardrail)).to.deep.equal(guardrail);
    });
  }

  for (const text of [
    'click == 1',
    '2 * click >= 1',
    'click + save >= 1',
    'click >= 0.9 * baseline + 1',
    'click >= -1 * baseline',
    'click >= save',
    '0.98 * baseline <= click',
  ]) {
    it(`refuses ${text}`, () => expect(guardrailSchema.safeParse(text).success).to.equal(false));
  }
});
