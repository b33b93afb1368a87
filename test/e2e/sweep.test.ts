import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { printedBy, runPondera } from './run-pondera.ts';
import { meetsByMargin, parseSweep, printedSum, printedUnits, printedWeights } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const STUDY = fileURLToPath(new URL('../../../examples/demo.study.yaml', import.meta.url));
const TRIALS = 8;
/** Standard errors by which a guardrail is met, where the study does not say. */
const MARGIN = 1.645;

describe('a sweep of the demonstration log', () => {
  let folder: TemporaryFolder;
  let reference: string;

  const command = (db: string, ...more: readonly string[]): readonly string[] => {
    const file = folder.file(`${db}.db`);
    return ['sweep', STUDY, '--db', file, '--trials', String(TRIALS), '--workers', '1', '--json', ...more];
  };

  before(async () => {
    folder = temporaryFolder();
    reference = await printedBy(command('reference'));
  });
  after(() => folder.remove());

  it('prints one JSON document with every trial and no clock value', () => {
    const { study, seed, budget, counts, best, trials } = parseSweep(reference);
    expect({ study, seed, budget, completed: counts.completed }).to.deep.equal({
      study: 'demo',
      seed: 1,
      budget: TRIALS,
      completed: TRIALS,
    });
    expect(trials.map(({ number }) => number)).to.deep.equal(Array.from({ length: TRIALS + 1 }, (_, i) => i));
    expect(trials.slice(1).map(({ generator }) => generator)).to.deep.equal([
      ...Array<string>(4).fill('space_filling'),
      ...Array<string>(4).fill('log_constrained_expected_improvement'),
    ]);
    expect(counts.feasible).to.be.greaterThan(0);
    expect(best.feasible).to.equal(true);
    expect(reference).to.not.match(/\d{4}-\d\d-\d\d|\d\d:\d\d|second|elapsed|duration|At"/i);
  });

  it('gives the best trial by its own trials: feasible, and no feasible one is better', () => {
    const sweep = parseSweep(reference);
    const { best, trials } = sweep;
    const objective = 'long_click.average_precision';
    const feasible = trials.filter((trial) =>
      sweep.best.guardrails.every(({ guardrail }) => meetsByMargin(sweep, trial, guardrail, MARGIN)),
    );
    const highest = feasible.reduce((a, b) => (b.metrics[objective]! > a.metrics[objective]! ? b : a));
    expect(highest.number).to.equal(best.number);
    expect(highest.weights).to.deep.equal(best.weights);
    const baseline = trials[0]!.metrics;
    for (const { guardrail, bound, value, slack, margin } of best.guardrails) {
      const metric = guardrail.split(' ')[0]!;
      expect(bound).to.equal(0.98 * baseline[metric]!);
      expect(value).to.equal(highest.metrics[metric]);
      expect(slack).to.equal(value - bound);
      expect(margin!.margin).to.equal(MARGIN * margin!.sem);
      expect(slack).to.be.at.least(margin!.margin);
    }
  });

  it('prints weights that add up to 1 to the last digit and keep ranges and constraints', () => {
    const all = printedWeights(parseSweep(reference));
    expect(all.length).to.equal(TRIALS + 1);
    for (const weights of all) {
      expect(printedSum(Object.values(weights))).to.equal(printedUnits(1));
      for (const weight of Object.values(weights)) expect(weight).to.be.within(0, 1);
      expect(weights['click']! - 2 * weights['long_click']!).to.be.at.most(1e-9);
    }
  });

  it('prints the same bytes for the same seed, with one worker and with two, and others for another seed', async () => {
    const [again, withTwo, otherSeed] = await Promise.all([
      printedBy(command('again')),
      printedBy(command('two', '--workers', '2')),
      printedBy(command('seed', '--seed', '2')),
    ]);
    expect(again).to.equal(reference);
    expect(withTwo).to.equal(reference);
    const other = parseSweep(otherSeed);
    expect(other.seed).to.equal(2);
    expect(other.trials[0]).to.deep.equal(parseSweep(reference).trials[0]);
    expect(other.trials[1]!.weights).to.not.deep.equal(parseSweep(reference).trials[1]!.weights);
  });

  it('goes on with more trials to what it would have been with that budget from the start', async () => {
    await printedBy(command('more', '--trials', '3'));
    expect(await printedBy(command('more'))).to.equal(reference);
  });

  it('runs nothing when it is finished, and prints the same', async () => {
    const { code, stdout, stderr } = await runPondera(command('reference'));
    expect(code).to.equal(0);
    expect(stdout).to.equal(reference);
    expect(stderr).to.include(`resuming: ${TRIALS} of ${TRIALS} trials are stored`);
    expect(stderr).to.not.match(/^trial /m);
    const fewer = await runPondera(command('reference', '--trials', '3'));
    expect(fewer.stderr).to.include(`resuming: ${TRIALS} trials, more than the 3 asked for, are stored`);
    const smaller = parseSweep(fewer.stdout);
    expect(smaller.counts.completed, 'a smaller budget keeps what was found').to.equal(TRIALS);
  });
});
