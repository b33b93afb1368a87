import { expect } from 'chai';
import { type Printed, runCommandLines } from '../cli/command-lines.ts';
import type { SampleReport } from '../../src/service/sweep-report.ts';
import type { WhatIfReport } from '../../src/service/what-if-study.ts';
import { shownLog, smallStudy } from './small-study.ts';
import { parseSweep, type PrintedSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const STUDY = smallStudy({
  'request: r ': 'request: r, position: place, displayPropensity: p ',
  'long_click.average_precision': 'long_click.snips.engagement@2{ess=150}',
  'save.average_precision >= 0.9 * baseline': 'save.ips.dcg@2{clip=30} >= 0.7 * baseline',
  'click.average_precision >= 0.9 * baseline': 'click.average_precision >= 0.8 * baseline',
  'seed: 1': 'seed: 1\nreport: ["click.ips.engagement@1{ess=800}"]',
});

/** A head is unwanted, so that the baseline is not what production showed. */
const UNWANTED = STUDY.replace('label: y_long }', 'label: y_long, sign: -1 }')
  .replace('objective: maximize', 'objective: minimize')
  .replace('{ess=150}', '')
  .replace('log.csv', 'any-order.csv')
  .replace(/seed: 1[^]*/, 'seed: 1')
  .replace('save.ips.dcg@2{clip=30} >= 0.7 * baseline', 'click.ips.dcg@2 >= 0.5 * baseline');

const GUARDRAILS = ['long_click.snips.ess@2 >= 150', 'save.ips.ess@2{clip=30} >= 100'];

describe('a sweep by counterfactual metrics', () => {
  let folder: TemporaryFolder;
  let printed: readonly Printed[];

  before(async () => {
    folder = temporaryFolder();
    folder.write('log.csv', shownLog(4000, 0.2));
    folder.write('any-order.csv', shownLog(4000, 1));
    folder.write('study.yaml', STUDY);
    folder.write('unwanted.yaml', UNWANTED);
    const line = (study: string, ...more: readonly string[]) => ({
      args: ['sweep', `${study}.yaml`, '--db', `${study}.db`, '--workers', '1', '--trials', '10', ...more],
      cwd: folder.path,
    });
    const whatIf = (...texts: readonly string[]) => ({
      args: [
        'whatif',
        'small',
        '--db',
        'study.db',
        '--json',
        ...texts.flatMap((text) => ['--guardrail', text]),
      ],
      cwd: folder.path,
    });
    printed = await runCommandLines([
      line('study', '--json'),
      line('study', '--json'),
      line('study', '--bootstrap', '50'),
      line('unwanted', '--holdout', '0.5', '--json'),
      { args: ['model', 'small', '--db', 'study.db'], cwd: folder.path },
      line('unwanted', '--holdout', '0.3'),
      whatIf('save.ips.ess@2{clip=30} >= 10'),
      whatIf('click.ips.engagement@1{ess=800} >= 0.5 * baseline'),
      whatIf('click.ips.engagement@1{ess=800} >= 0.5 * baseline', 'click.ips.ess@1 >= 5'),
    ]);
  });
  after(() => folder.remove());

  const sweepOf = (i: number): PrintedSweep & { readonly samples: SampleReport } => {
    const { code, stdout, stderr } = printed[i]!;
    expect(code, stderr).to.equal(0);
    return parseSweep(stdout) as PrintedSweep & { readonly samples: SampleReport };
  };

  it('does all trials, and none whose effective sample is too small is feasible', () => {
    const { counts, trials, best } = sweepOf(0);
    expect(counts.completed).to.equal(10);
    const sizes = trials.map(({ metrics }) => ({
      objective: metrics['long_click.snips.ess@2']!,
      guardrail: metrics['save.ips.ess@2{clip=30}']!,
    }));
    const small = sizes.filter(({ objective, guardrail }) => objective < 150 || guardrail < 100);
    expect(small.length, 'trials about which the log says little').to.be.greaterThan(0);
    expect(counts.feasible).to.be.within(1, 10 - small.length);
    expect(best.feasible).to.equal(true);
    expect(sizes[best.number]!.objective).to.be.at.least(150);
    for (const { metrics } of trials)
      expect(metrics['long_click.snips.engagement@2{ess=150}']).to.be.a('number');
  });

  it('shows the bounds on the sample as guardrails without an error, and the others with theirs', () => {
    const { best } = sweepOf(0);
    const own = best.guardrails.filter(({ guardrail }) => GUARDRAILS.includes(guardrail));
    expect(own.map(({ guardrail }) => guardrail)).to.deep.equal(GUARDRAILS);
    for (const { margin, met } of own) expect([margin!.sem, met]).to.deep.equal([0, true]);
    const [first] = best.guardrails;
    expect(first!.margin!.sem).to.be.greaterThan(0);
  });

  it('goes on from its database with the same result', () => {
    sweepOf(0);
    expect(printed[1]!.stdout).to.equal(printed[0]!.stdout);
  });

  it('tells what baseline and best trial are estimated from', () => {
    const { samples, best, trials } = sweepOf(0);
    const name = 'long_click.snips.engagement@2{ess=150}';
    expect(Object.keys(samples.baseline!)).to.have.members([
      name,
      'save.ips.dcg@2{clip=30}',
      'click.ips.engagement@1{ess=800}',
    ]);
    expect(samples.trials.map(({ number }) => number)).to.deep.equal([best.number]);
    for (const [number, reports] of [
      [0, samples.baseline!],
      [best.number, samples.trials[0]!.metrics],
    ] as const) {
      const { effectiveSampleSize, largestWeight, meanWeight, meanWeightSem } = reports[name]!;
      expect(effectiveSampleSize).to.equal(trials[number]!.metrics['long_click.snips.ess@2']);
      expect(largestWeight).to.be.within(1, 20 + 1e-12);
      expect(meanWeight).to.be.closeTo(1, 4.5 * meanWeightSem!);
      expect(reports['save.ips.dcg@2{clip=30}']!.clippedShare).to.equal(0);
    }
  });

  it('prints the same as a table, with intervals, and warns of what is only reported', () => {
    const { code, stdout } = printed[2]!;
    expect(code).to.equal(0);
    expect(stdout).to.match(/^estimated +of +effective sample +largest weight +mean weight$/m);
    expect(stdout).to.match(
      /^long_click\.snips\.engagement@2\{ess=150\} +baseline +[0-9.]+ +[0-9.]+ +[0-9.]+ ± [0-9.]+$/m,
    );
    expect(stdout).to.include('Effective sample size: (Σw)²/Σw²');
    expect(stdout).to.match(
      /^Warning: click\.ips\.engagement@1\{ess=800\} of trial [0-9]+ has an effective sample size of [0-9.]+, under 800: too few to go by\.$/m,
    );
    expect(stdout).to.match(/^long_click\.snips\.ess@2 .*>= 150: met/m);
    expect(stdout).to.include('Bootstrap by request, 50 replicates:');
  });

  it('bounds the sample from below for a head that is not wanted, and scores a hold-out', () => {
    const { best, trials } = sweepOf(3);
    expect(trials).to.have.length(11);
    expect(best.metrics['long_click.snips.engagement@2']!.direction).to.equal('minimize');
    expect(best.metrics['long_click.snips.ess@2']!.direction).to.equal('maximize');
    const { holdout } = JSON.parse(printed[3]!.stdout) as { holdout: { trials: readonly unknown[] } };
    expect(holdout.trials.length).to.be.at.most(1);
  });

  it('refuses a hold-out that tells next to nothing of the baseline', () => {
    const { code, stderr } = printed[5]!;
    expect(code).to.equal(2);
    expect(stderr).to.match(
      /any-order\.csv: in the hold-out, metric \S+ has an effective sample size of [0-9.]+ (at one of its places )?at the baseline/,
    );
  });

  it('answers what if the sample may be smaller', () => {
    const { code, stdout, stderr } = printed[6]!;
    expect(code, stderr).to.equal(0);
    const { asked } = JSON.parse(stdout) as WhatIfReport;
    expect(asked.guardrails.filter((text) => text.includes('.ess@'))).to.deep.equal([
      'long_click.snips.ess@2 >= 150',
      'save.ips.ess@2{clip=30} >= 10',
    ]);
  });

  it('does not answer by an estimate whose sample no trial was measured for', () => {
    for (const { code, stderr } of [printed[7]!, printed[8]!]) {
      expect(code).to.equal(2);
      expect(stderr).to.match(
        /^pondera: study\.db: click\.ips\.ess@1, the effective sample of an estimate, was not measured in trials 0, 1, 2 and 8 more: expected one of /,
      );
    }
  });

  it('has a model of the sample as of any guardrail', () => {
    expect(printed[4]!.code, printed[4]!.stderr).to.equal(0);
    expect(printed[4]!.stdout).to.include('slack of long_click.snips.ess@2 >= 150');
  });
});
