import { Writable } from 'node:stream';
import { expect } from 'chai';
import { sweepProgress } from '../../src/cli/sweep-progress.ts';
import { completedTrial, smallDefinition } from '../optimizer/small-study-definition.ts';

/** A stream that takes itself for a terminal, and what was written to it. */
function terminal(columns: number): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  let written = '';
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      written += chunk.toString();
      done();
    },
  });
  const asTerminal = Object.assign(stream, {
    isTTY: true,
    columns,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  return { stream: asTerminal as unknown as NodeJS.WriteStream, written: () => written };
}

const TRIALS = [completedTrial(174, { a: 0.2, b: 0.3, c: 0.5 }, { gain: 0.162888, cost: 1 })];

function shownAt(columns: number): string {
  const { stream, written } = terminal(columns);
  const progress = sweepProgress(stream);
  progress.update({ definition: smallDefinition(), trials: TRIALS, completed: 178, budget: 200 });
  progress.stop();
  return written();
}

describe('the progress of a sweep', () => {
  it('stands on one line of a terminal, with the best trial as far as there is room', () => {
    expect(shownAt(110)).to.include('178/200 trials  best gain 0.162888 (trial 174)');
    expect(shownAt(65)).to.include('178/200 trials  best 0.162888 (trial 174)');
    expect(shownAt(55)).to.include('178/200 trials  best 0.162888').and.not.to.include('(trial');
    expect(shownAt(40)).to.include('178/200 trials').and.not.to.include('best');
  });

  it('tells how far a Pareto set has come where there are several objectives', () => {
    const definition = smallDefinition({
      objective: undefined,
      objectives: ['maximize gain', 'minimize cost'],
      referencePoint: { gain: 0, cost: 3 },
    });
    const shown = (columns: number, guardrails: readonly string[] = []): string => {
      const { stream, written } = terminal(columns);
      const progress = sweepProgress(stream);
      const study = smallDefinition({ ...definition, guardrails });
      progress.update({ definition: study, trials: TRIALS, completed: 178, budget: 200 });
      progress.stop();
      return written();
    };
    expect(shown(110)).to.include('178/200 trials  Pareto set of 1, hypervolume 0.325776');
    expect(shown(55)).to.include('178/200 trials  Pareto set of 1').and.not.to.include('hypervolume');
    expect(shown(110, ['cost <= 0'])).to.include('no feasible trial yet');
  });

  it('says in words where it stands', () => {
    const progress = sweepProgress(terminal(80).stream);
    expect(progress.summary()).to.equal('no trial is done yet');
    progress.update({ definition: smallDefinition(), trials: TRIALS, completed: 178, budget: 200 });
    progress.stop();
    expect(progress.summary()).to.equal('178 of 200 trials are done and stored');
  });

  it('says so where more trials are stored than are asked for', () => {
    const progress = sweepProgress(terminal(80).stream);
    progress.update({ definition: smallDefinition(), trials: TRIALS, completed: 60, budget: 20 });
    progress.stop();
    expect(progress.summary()).to.equal('60 trials, more than the 20 asked for, are done and stored');
  });
});
