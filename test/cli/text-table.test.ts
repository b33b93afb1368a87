import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Column, textTable, wrapWords } from '../../src/cli/text-table.ts';

const METRICS: readonly Column[] = [
  { title: 'metric', align: 'left' },
  { title: 'baseline', align: 'right' },
  { title: 'role', align: 'left' },
];
const ROWS = [
  ['click', '0.25', 'objective, maximize'],
  ['save', '0.1', ''],
];

describe('textTable', () => {
  it('aligns columns in one table where there is room', () => {
    const whole = ['metric  baseline  role', 'click       0.25  objective, maximize', 'save         0.1'];
    expect(textTable(METRICS, ROWS).split('\n')).to.deep.equal(whole);
    expect(textTable(METRICS, ROWS, 37).split('\n')).to.deep.equal(whole);
  });

  it('puts the texts of the last column below their rows where there is none', () => {
    const narrow = ['metric  baseline', 'click       0.25', '  objective,', '  maximize', 'save         0.1'];
    expect(textTable(METRICS, ROWS, 36).split('\n')[2]).to.equal('  objective, maximize');
    expect(textTable(METRICS, ROWS, 20).split('\n')).to.deep.equal(narrow);
  });

  it('puts columns of numbers into tables one below another, each with the first column', () => {
    const columns = ['trial', 'fresh', 'close', 'liked'].map((title, i): Column => ({
      title,
      align: i === 0 ? 'left' : 'right',
    }));
    expect(textTable(columns, [['12', '0.5', '0.25', '0.125']], 20).split('\n')).to.deep.equal([
      'trial  fresh  close',
      '12       0.5   0.25',
      '',
      'trial  liked',
      '12     0.125',
    ]);
  });

  it('has no line wider than the terminal where two columns fit, and every cell once', () => {
    const cell = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 9 })
          .chain((count) =>
            fc.array(fc.array(cell, { minLength: count, maxLength: count }), { minLength: 2, maxLength: 5 }),
          ),
        fc.integer({ min: 18, max: 60 }),
        ([head, ...rows], width) => {
          const columns = head!.map((title): Column => ({ title, align: 'right' }));
          const lines = textTable(columns, rows, width).split('\n');
          for (const line of lines) expect(line.length).to.be.at.most(width);
          const tables = lines.filter((line) => line === '').length + 1;
          const printed = lines.flatMap((line) => line.split(' ').filter((word) => word !== '')).sort();
          const firsts = [head!, ...rows].flatMap((row) => Array<string>(tables - 1).fill(row[0]!));
          expect(printed).to.deep.equal([...[head!, ...rows].flat(), ...firsts].sort());
        },
      ),
    );
  });
});

describe('wrapWords', () => {
  it('breaks between words alone, and keeps them all', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 1, max: 40 }), (words, width) => {
        const lines = wrapWords(words.join(' '), width);
        expect(lines.join(' ')).to.equal(words.join(' '));
        for (const line of lines) expect(line.length <= width || !line.includes(' '), line).to.equal(true);
      }),
    );
  });
});
