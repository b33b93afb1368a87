import { Writable } from 'node:stream';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { sweepProgress } from '../../src/cli/sweep-progress.ts';
import { formatTimeLeft } from '../../src/cli/format-time-left.ts';
import { secondsLeft, type TimedTrial } from '../../src/service/time-left.ts';
import { timeTrials } from '../../src/service/time-trials.ts';
import { completedTrial, runningTrial, smallDefinition } from '../optimizer/small-study-definition.ts';

const BUDGET = 200;

/** Trials of a sweep whose suggestions take 0.2 s + growth · n², off by a tenth at random, and evaluations a second. */
function timed(from: number, to: number, growth: number, noise = 0.1): TimedTrial[] {
  const stream = randomStream(1, 'time left', to);
  return Array.from({ length: to - from }, (_, i) => ({
    before: from + i,
    suggesting: (0.2 + growth * (from + i) ** 2) * (1 + noise * stream.normal()),
    evaluating: 1 + (i % 10 === 5 ? 4 : 0),
  }));
}

function truth(completed: number, growth: number): number {
  let seconds = 0;
  for (let n = completed; n < BUDGET; n++) seconds += 1.2 + growth * n ** 2;
  return seconds;
}

function trials(completed: number, running: number) {
  return [
    ...Array.from({ length: completed }, (_, k) =>
      completedTrial(k + 1, { a: 0.2, b: 0.3, c: 0.5 }, { gain: 1, cost: 1 }),
    ),
    ...Array.from({ length: running }, (_, k) => runningTrial(completed + k + 1, { a: 0.2, b: 0.3, c: 0.5 })),
  ];
}

function progress(completed: number, running: number) {
  return {
    definition: smallDefinition(),
    trials: trials(completed, running),
    completed,
    budget: 40,
  };
}

describe('the time left of a sweep', () => {
  it('is not told before three trials are timed', () => {
    expect(secondsLeft(timed(5, 7, 0), 7, BUDGET)).to.equal(undefined);
    expect(secondsLeft(timed(5, 8, 0), 8, BUDGET)).to.be.greaterThan(200);
  });

  it('is within a tenth where trials cost alike, slow ones among them', () => {
    for (const completed of [15, 30, 60, 150]) {
      const left = secondsLeft(timed(5, completed, 0), completed, BUDGET)!;
      expect(left / truth(completed, 0)).to.be.within(0.9, 1.1);
    }
  });

  it('is within a fifth from a quarter of the budget on where suggestions grow to ten times an evaluation', () => {
    const growth = 10 / BUDGET ** 2;
    for (const completed of [50, 80, 120, 180]) {
      const left = secondsLeft(timed(5, completed, growth), completed, BUDGET)!;
      expect(left / truth(completed, growth)).to.be.within(0.8, 1.2);
    }
  });

  it('takes a line through 0 for suggestions that grow faster', () => {
    const cubic = timed(5, 60, 0, 0).map((trial) => ({ ...trial, suggesting: 1e-4 * trial.before ** 3 }));
    const left = secondsLeft(cubic, 60, 61)!;
    expect(left).to.be.greaterThan(1 + 10);
  });

  it('is 0 at the end', () => {
    expect(secondsLeft(timed(5, 30, 0), 30, 30)).to.equal(0);
  });

  it('is told in minutes and hours', () => {
    expect(formatTimeLeft(undefined)).to.equal('');
    expect(formatTimeLeft(59)).to.equal('');
    expect(formatTimeLeft(240)).to.equal('about 4 min left');
    expect(formatTimeLeft(7200)).to.equal('about 2.0 h left');
  });

  it('counts trials that are alone, not those of the initial design', () => {
    let now = 0;
    const times = timeTrials(() => now);
    const see = (seconds: number, completed: number, running: number): void => {
      now += seconds;
      times.see(progress(completed, running));
    };
    see(0, 0, 0);
    see(1, 0, 4);
    for (const completed of [1, 2, 3]) see(100, completed, 4 - completed);
    see(100, 4, 0);
    for (const completed of [4, 5, 6]) {
      expect(times.left()).to.equal(undefined);
      see(2, completed, 1);
      see(3, completed + 1, 0);
    }
    expect(times.left()).to.be.closeTo((40 - 7) * 5, 1e-9);
  });

  it('stands behind the best trial, where it is a minute or more', () => {
    let written = '';
    const stream = new Writable({
      write: (chunk: Buffer, _, done) => {
        written += chunk.toString();
        done();
      },
    });
    let now = 0;
    const display = sweepProgress(stream as unknown as NodeJS.WriteStream, () => now);
    for (let completed = 0; completed < 8; completed++) {
      display.update(progress(completed, 0));
      now += 2;
      display.update(progress(completed, 1));
      now += 3;
    }
    display.stop();
    const lines = written.split('\n');
    expect(lines[1]).to.equal('trial 2/40  best gain 1.00000 (trial 1)');
    expect(lines[2]).to.equal('trial 3/40  best gain 1.00000 (trial 1), about 3 min left');
  });
});
