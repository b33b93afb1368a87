import { expect } from 'chai';
import { Command } from 'commander';
import { batchOption } from '../../bench/races/batch-option.ts';
import { type RaceOptions, withRaceOptions } from '../../bench/races/race-options.ts';

const SEEDS = { full: 10, quick: 2 };
const TRIALS = { full: 50, quick: 30 };

function parsed(...args: string[]): RaceOptions {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  return withRaceOptions(command, { names: ['a', 'b'] }, SEEDS, TRIALS)
    .parse(args, { from: 'user' })
    .opts<RaceOptions>();
}

describe('the options of races', () => {
  it('take problems as a comma list or one after another, and leave to the bench what is not given', () => {
    expect(parsed('--problem', 'b,a').problem).to.deep.equal(['b', 'a']);
    expect(parsed('--problem', 'a', '--problem', 'b').problem).to.deep.equal(['a', 'b']);
    const { problem, seeds, trials } = parsed();
    expect({ problem, seeds, trials }).to.deep.equal({ problem: [], seeds: undefined, trials: undefined });
  });

  it('refuse a problem that does not exist and numbers out of range', () => {
    expect(() => parsed('--problem', 'a,c')).to.throw('Unknown problem "c": expected one of a, b.');
    expect(() => parsed('--seeds', '0')).to.throw('Expected a whole number from 1 to 1000.');
    expect(() => parsed('--processes', 'two')).to.throw('Expected a whole number from 1 to 64.');
  });

  it('take sizes of batches as a comma list, and refuse what is none or stands twice', () => {
    expect(batchOption('6,8')).to.deep.equal([6, 8]);
    expect(() => batchOption('6,0')).to.throw('Expected a whole number from 1 to 100.');
    expect(() => batchOption('6,')).to.throw('Expected a whole number from 1 to 100.');
    expect(() => batchOption('8,8')).to.throw('Expected each size once.');
  });
});
