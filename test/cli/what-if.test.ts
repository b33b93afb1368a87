import { expect } from 'chai';
import { formatWhatIf } from '../../src/cli/format-what-if.ts';
import { formatNumber } from '../../src/cli/format-number.ts';
import { printedBy } from '../e2e/run-pondera.ts';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import type { WhatIfReport } from '../../src/service/what-if-study.ts';
import { type Printed, runCommandLines } from './command-lines.ts';

const TWO_OBJECTIVES = smallStudy({
  'name: small': 'name: two',
  'objective: maximize long_click.average_precision':
    'objectives: [maximize long_click.average_precision, maximize save.average_precision]',
  '  - save.average_precision >= 0.9 * baseline\n': '',
  'budget: 3': 'budget: 1',
});
const FREE = smallStudy({
  'name: small': 'name: free',
  'guardrails:\n  - save.average_precision >= 0.9 * baseline\n  - click.average_precision >= 0.9 * baseline\n':
    '',
  'budget: 3': 'budget: 1',
});
const SCORED = smallStudy({
  'name: small': 'name: scored',
  'weights: { save: 0.2, click: 0.4, long_click: 0.4 }': 'scoreColumn: score',
  'budget: 3': 'budget: 1',
});

function guard(...texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => ['--guardrail', text]);
}

describe('pondera whatif', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = temporaryFolder();
    folder.write('study.yaml', smallStudy({ 'budget: 3': 'budget: 9' }));
    folder.write('two.yaml', TWO_OBJECTIVES);
    folder.write('free.yaml', FREE);
    folder.write('scored.yaml', SCORED);
    folder.write('log.csv', smallLog());
    const sweeps = await runCommandLines(
      ['study.yaml', 'two.yaml', 'free.yaml', 'scored.yaml'].map((file) => ({
        args: ['sweep', file, '--workers', '1'],
        cwd: folder.path,
      })),
    );
    for (const { code, stderr } of sweeps) expect(code, stderr).to.equal(0);
  });
  after(() => folder.remove());

  const whatIf = (...args: readonly string[]): Promise<string> =>
    printedBy(['whatif', 'small', ...args], { cwd: folder.path });
  const report = async (...args: readonly string[]): Promise<WhatIfReport> =>
    JSON.parse(await whatIf('--json', ...args)) as WhatIfReport;
  /** In one process, one after another. */
  const reportEach = async (each: readonly (readonly string[])[]): Promise<readonly WhatIfReport[]> => {
    const printed = await runCommandLines(
      each.map((args) => ({ args: ['whatif', 'small', '--json', ...args], cwd: folder.path })),
    );
    return printed.map(({ stdout }) => JSON.parse(stdout) as WhatIfReport);
  };

  it('replaces the guardrails on the metrics that are asked about, and keeps the others', async () => {
    const { own, asked } = await report(
      ...guard('click.average_precision >= 0.5 * baseline', 'click.average_precision <= 0.9'),
    );
    expect(own.guardrails).to.deep.equal([
      'save.average_precision >= 0.9 * baseline',
      'click.average_precision >= 0.9 * baseline',
    ]);
    expect(asked.guardrails).to.deep.equal([
      'save.average_precision >= 0.9 * baseline',
      'click.average_precision >= 0.5 * baseline',
      'click.average_precision <= 0.9',
    ]);
  });

  it('answers as the stored trials do: the best of those that meet the bounds, and what it gains', async () => {
    const sweep = JSON.parse(
      await printedBy(['sweep', 'study.yaml', '--json', '--workers', '1'], { cwd: folder.path }),
    ) as {
      readonly trials: readonly {
        readonly number: number;
        readonly metrics: Record<string, number>;
        readonly errors: Record<string, { readonly sem: number; readonly changeSem: number }>;
      }[];
    };
    const [save, click, long] = ['save', 'click', 'long_click'].map((head) => `${head}.average_precision`);
    const value = (number: number, metric: string | undefined) => sweep.trials[number]!.metrics[metric!]!;
    // The slack against its margin by the errors of the sweep's JSON: Var(m − c·b) from Var m, Var b and Var(m − b).
    const meets = (number: number, metric: string | undefined, factor: number): boolean => {
      const { sem, changeSem } = sweep.trials[number]!.errors[metric!]!;
      const covariance = (sem ** 2 + sweep.trials[0]!.errors[metric!]!.sem ** 2 - changeSem ** 2) / 2;
      const variance =
        sem ** 2 - 2 * factor * covariance + (factor * sweep.trials[0]!.errors[metric!]!.sem) ** 2;
      const slack = value(number, metric) - factor * value(0, metric);
      return slack >= 1.645 * Math.sqrt(Math.max(0, variance));
    };
    const factors = [0, 0.5, 0.7, 0.8, 0.95, 1];
    const bests = new Set<number | undefined>();
    const reports = await reportEach(factors.map((factor) => guard(`${save} >= ${factor} * baseline`)));
    for (const [i, factor] of factors.entries()) {
      const met = sweep.trials.filter(
        ({ number }) => meets(number, save, factor) && meets(number, click, 0.9),
      );
      const best = met.toSorted((a, b) => value(b.number, long) - value(a.number, long))[0];
      const { own, asked, change } = reports[i]!;
      expect(asked.counts.feasible).to.equal(met.filter(({ number }) => number > 0).length);
      expect(asked.best!.feasible).to.equal(best !== undefined);
      bests.add(best?.number);
      if (best === undefined) {
        expect(change).to.equal(null);
        continue;
      }
      expect(asked.best!.number).to.equal(best.number);
      if (own.best!.feasible)
        expect(change).to.be.closeTo(value(best.number, long) - value(own.best!.number, long), 1e-15);
      else expect(change).to.equal(null);
    }
    expect(bests.size).to.be.greaterThan(1);
  });

  it('says what further trials may gain, and that the sweep has looked elsewhere', async () => {
    const { prospect } = await report(...guard('save.average_precision >= 0.5 * baseline'));
    expect(prospect!.expectedImprovement).to.be.greaterThan(0);
    expect(prospect!.objective.stddev).to.be.greaterThan(0);
    expect(prospect!.probabilityFeasible).to.be.within(0, 1);
    const weights = Object.values(prospect!.weights);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).to.be.closeTo(1, 1e-12);
    const text = await whatIf(...guard('save.average_precision >= 0.5 * baseline'));
    expect(text).to.contain("The stored trials were chosen for the study's own guardrails");
    expect(text).to.match(/By the models the next trial would gain \S+ of long_click\.average_precision/);
  });

  it('prints the frontier of each guardrail, the present step marked, also where nothing else is asked', async () => {
    const text = await whatIf();
    const { frontiers, own, asked } = await report();
    expect(asked).to.deep.equal(own);
    expect(text).not.to.contain('were chosen for');
    expect(frontiers.map(({ guardrail }) => guardrail)).to.deep.equal(own.guardrails);
    expect(text).to.contain('Guardrails are met with a margin of 1.645 standard errors of their slack.');
    for (const { guardrail, margin } of own.best!.guardrails) {
      const row = text.split('\n').find((line) => line.startsWith(guardrail));
      expect(row).to.contain(`, margin ${formatNumber(margin!.margin)}`);
    }
    for (const { metric, steps, present } of frontiers) {
      expect(steps[present!]!.trial).to.equal(own.best!.number);
      const table = text
        .split(`The best long_click.average_precision under ${metric} >=`)[1]!
        .split('\n\n')[0]!;
      expect(table.split('\n').filter((line) => line.endsWith('now'))).to.have.length(1);
      expect(table).to.contain(steps[present!]!.objective.toPrecision(6));
      expect(table).to.match(/^ *c +bound +margin +objective +trial/m);
      expect(table).to.contain(String(Number(steps[present!]!.margin!.toPrecision(3))));
    }
  });

  it('rounds the constants of the table so that asking for them gives that trial', async () => {
    const { frontiers } = await report();
    const text = await whatIf();
    const [{ metric, steps }] = frontiers as [WhatIfReport['frontiers'][0]];
    const table = text.split(`under ${metric} >=`)[1]!.split('\n\n')[0]!;
    const constants = table
      .split('\n')
      .slice(2)
      .map((line) => line.trim().split(/ +/)[0]!);
    const reports = await reportEach(constants.map((c) => guard(`${metric} >= ${c} * baseline`)));
    expect(reports.map(({ asked }) => asked.best!.number)).to.deep.equal(steps.map(({ trial }) => trial));
  });

  it('says why multiples of a baseline within its margin of 0 have no frontier', async () => {
    const known = await report();
    const frontiers = known.frontiers.map((each) => ({
      ...each,
      baselineIsNoise: true,
      steps: [],
      present: null,
    }));
    const text = formatWhatIf({ ...known, frontiers });
    expect(text).to.contain(
      "(now save.average_precision >= 0.9 * baseline): the baseline's is within its margin of 0, so that its multiples say " +
        'nothing. "save.average_precision >= baseline - a" has a frontier.',
    );
  });

  it('prints the same bytes each time, with any number of workers, and changes nothing', async () => {
    const before = folder.contents();
    const one = await whatIf('--json', '--workers', '1');
    expect(await whatIf('--json', '--workers', '3')).to.equal(one);
    expect(folder.contents()).to.deep.equal(before);
  });

  it('says that nothing is known of further trials where too little is measured', async () => {
    const text = await printedBy(['whatif', 'scored'], { cwd: folder.path });
    expect(text).to.contain('What further trials may gain is not known: too little is measured to model');
  });

  describe('refuses, with one clear line and code 2,', () => {
    const REFUSED: Readonly<Record<string, { readonly args: readonly string[]; readonly line: string }>> = {
      'a study that is not there': {
        args: ['nobody'],
        line: 'pondera.db: no study is named "nobody": expected one of free, scored, small, two',
      },
      'a database that is not there': {
        args: ['small', '--db', 'none.db'],
        line: 'none.db: does not exist: expected a database of pondera',
      },
      'a malformed guardrail': {
        args: ['small', ...guard('click.average_precision > 0.9')],
        line: '--guardrail: "click.average_precision > 0.9" uses ">": expected <= or >=',
      },
      'a guardrail of another form': {
        args: ['small', ...guard('click.average_precision >= 0.9 * save.average_precision')],
        line:
          '--guardrail: "click.average_precision >= 0.9 * save.average_precision" is not understood: expected METRIC >= c * ' +
          'baseline, METRIC <= c * baseline, METRIC >= baseline - a, METRIC <= baseline + a or METRIC >= x',
      },
      'a metric of no head': {
        args: ['small', ...guard('clicks.average_precision >= 0.9')],
        line: '--guardrail: unknown metric "clicks.average_precision": no head is named "clicks" (heads: save, click, long_click)',
      },
      'a metric that the trials did not measure': {
        args: ['small', ...guard('click.roc_auc >= 0.9 * baseline')],
        line:
          'pondera.db: click.roc_auc was not measured in trials 0, 1, 2 and 7 more: expected one of click.average_precision, ' +
          'long_click.average_precision, save.average_precision',
      },
      'guardrails that no value meets': {
        args: ['small', ...guard('click.average_precision >= 0.9', 'click.average_precision <= 0.8')],
        line: '--guardrail: "click.average_precision <= 0.8" contradicts "click.average_precision >= 0.9": expected bounds that some value meets',
      },
      'a study with several objectives': {
        args: ['two'],
        line: 'pondera.db: study "two" has 2 objectives: expected one, for a best trial under other guardrails',
      },
      'a study without a guardrail, where none is asked about': {
        args: ['free'],
        line: 'pondera.db: study "free" has no guardrail: expected one to ask about',
      },
    };
    let printed: readonly Printed[];
    before(async () => {
      printed = await runCommandLines(
        Object.values(REFUSED).map(({ args }) => ({ args: ['whatif', ...args], cwd: folder.path })),
      );
    });
    for (const [i, [why, { line }]] of Object.entries(REFUSED).entries()) {
      it(why, () => {
        expect(printed[i]!.stderr).to.equal(`pondera: ${line}\n`);
        expect([printed[i]!.code, printed[i]!.stdout]).to.deep.equal([2, '']);
      });
    }
  });
});
