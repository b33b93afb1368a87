import { expect } from 'chai';
import * as fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.ts';
import { checkJsonText } from '../../src/server/json-text.ts';

const MOST_VALUES = 5000;
const DEEPEST = 32;

const list = (count: number): string => `[${Array.from({ length: count }, () => '0').join()}]`;
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

function complaintOf(text: string): string | undefined {
  try {
    checkJsonText(Buffer.from(text));
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError).with.property('code', 'request_invalid');
    return (error as DomainError).message;
  }
}

/** Counted on the parsed value instead: a container counts as itself and, where it holds any, one less than its parts. */
function valuesOf(value: unknown): number {
  let [values, open] = [1, [value]];
  for (let part = open.pop(); part !== undefined || open.length > 0; part = open.pop()) {
    if (typeof part !== 'object' || part === null) continue;
    const inner: unknown[] = Object.values(part);
    values += 1 + Math.max(0, inner.length - 1);
    open = [...open, ...inner];
  }
  return values;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the check of a JSON text before it is parsed', () => {
  it('refuses what holds too many values, or is too deep, and nothing else', () => {
    expect(complaintOf(list(MOST_VALUES - 1))).to.equal(undefined);
    expect(complaintOf(list(MOST_VALUES))).to.equal('holds more than 5000 values: expected fewer');
    expect(complaintOf(nested(DEEPEST))).to.equal(undefined);
    expect(complaintOf(nested(DEEPEST + 1))).to.equal('is nested deeper than 32 levels: expected fewer');
    expect(complaintOf(`[${nested(20)},${nested(20)}]`), 'side by side is not deeper').to.equal(undefined);
  });

  it('takes what stands in strings for text, whatever it is', () => {
    for (const text of [
      '['.repeat(100),
      ','.repeat(9000),
      '"'.repeat(9000),
      '\\'.repeat(9000),
      '\\"[',
      'é[😀{',
    ]) {
      expect(complaintOf(JSON.stringify({ [text]: text })), text.slice(0, 10)).to.equal(undefined);
    }
  });

  it('counts as one does on what is parsed', () => {
    const value = fc.jsonValue({ maxDepth: 6, noUnicodeString: false });
    const repeated = fc.tuple(value, fc.nat(2500), fc.nat(40));
    let refused = 0;
    fc.assert(
      fc.property(repeated, ([part, times, levels]) => {
        let whole: unknown = Array.from({ length: times }, () => part);
        for (let i = 0; i < levels; i++) whole = [whole];
        const isRefused = valuesOf(whole) > MOST_VALUES || depthOf(whole) > DEEPEST;
        if (isRefused) refused++;
        expect(complaintOf(JSON.stringify(whole)) !== undefined).to.equal(isRefused);
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(refused).to.be.within(20, 130);
  });

  it('stops at the first value too many, however long the text is', () => {
    const bytes = Buffer.from(`[${'[],'.repeat(340_000)}[]]`);
    const start = performance.now();
    for (let i = 0; i < 20; i++) expect(() => checkJsonText(bytes)).to.throw(DomainError);
    // A look at all of it 20 times would be at 20 MB; parsing it once takes longer than this.
    expect((performance.now() - start) / 20).to.be.lessThan(20);
  });
});
