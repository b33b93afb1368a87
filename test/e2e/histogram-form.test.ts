import { expect } from 'chai';
import { headSchema } from '../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { Bounds } from '../../src/domain/trial.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import { printedBy, runPondera } from './run-pondera.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { parseSweep, type PrintedSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const ROWS = 2000;
const TRIALS = 6;

/** Of sums over some hundred terms, added in another order. */
const ROUNDING = 1e-12;

/** Rows of the log, in memory, take more than this. */
const LITTLE_MEMORY = ['--memory', '400MB'] as const;

interface BinnedSweep extends PrintedSweep {
  readonly log: PrintedSweep['log'] & { readonly form: string; readonly bins: number };
  readonly trials: readonly (PrintedSweep['trials'][number] & {
    readonly errors: Readonly<Record<string, { readonly bounds?: Bounds }>>;
  })[];
}

describe('a sweep of a log in the histogram form', () => {
  let folder: TemporaryFolder;
  let reference: string;
  before(async () => {
    folder = temporaryFolder();
    folder.write('log.csv', smallLog(ROWS));
    folder.write('rows.yaml', smallStudy());
    folder.write(
      'study.yaml',
      smallStudy({
        'request: r }': 'request: r, form: histogram, bins: 1024 }',
        'budget: 3': `budget: ${TRIALS}\nreport: [click.average_precision, save.roc_auc, long_click.pr_auc_trapezoid, save.log_loss, click.brier]`,
      }),
    );
    reference = await printedBy(command('reference'));
  });
  after(() => folder.remove());

  const file = (name: string): string => folder.file(name);
  const command = (db: string, ...args: readonly string[]): string[] => [
    ...['sweep', file('study.yaml'), '--db', file(`${db}.db`), '--workers', '1', '--json'],
    ...args,
  ];

  it('prints values within bounds that hold what the rows in memory give', async () => {
    const { log, trials } = parseSweep(reference) as BinnedSweep;
    expect([log.form, log.bins, log.rows]).to.deep.equal(['histogram', 1024, ROWS]);
    const names = ['click', 'long_click', 'save'];
    const whole = await readLog({
      path: file('log.csv'),
      request: 'r',
      nullScores: 'refuse',
      heads: Object.fromEntries(
        names.map((name) => {
          const column = name === 'long_click' ? 'long' : name;
          return [name, headSchema.parse({ score: `s_${column}`, label: `y_${column}` })];
        }),
      ),
    });
    const metrics = Object.keys(trials[0]!.metrics).map((name) => parseLogMetric(name, names) as LogMetric);
    expect(trials.length).to.equal(TRIALS + 1);
    for (const { weights, metrics: found, errors } of trials) {
      const ordering = { weights: Float64Array.from(names, (name) => weights![name]!) };
      const exact = evaluate(whole, ordering, metrics, createEvaluationScratch(whole));
      for (const { name, kind } of metrics) {
        const { bounds } = errors[name]!;
        if (kind === 'log_loss' || kind === 'brier') {
          expect(found[name]).to.be.closeTo(exact[name]!, ROUNDING);
          expect(bounds).to.equal(undefined);
          continue;
        }
        expect(exact[name]).to.be.within(bounds!.lower - ROUNDING, bounds!.upper + ROUNDING);
        expect(found[name]).to.be.within(bounds!.lower, bounds!.upper);
        expect(bounds!.upper - bounds!.lower).to.be.below(0.02);
      }
    }
  });

  it('meets guardrails for certain', () => {
    const { best, trials } = parseSweep(reference) as BinnedSweep;
    const boundsOf = (number: number, metric: string): Bounds => trials[number]!.errors[metric]!.bounds!;
    expect(best.feasible).to.equal(true);
    for (const { guardrail, slack, margin, met } of best.guardrails) {
      const metric = guardrail.split(' ')[0]!;
      const worst = boundsOf(best.number, metric).lower - 0.9 * boundsOf(0, metric).upper;
      expect(slack - margin!.margin).to.be.closeTo(worst, ROUNDING);
      expect(met).to.equal(worst >= 0);
    }
  });

  it('prints the same bytes again, with other workers, and after it was interrupted', async () => {
    const [again, withTwo] = await Promise.all([
      printedBy(command('again')),
      printedBy(command('two', '--workers', '2')),
      printedBy(command('more', '--trials', '3')),
    ]);
    expect(again).to.equal(reference);
    expect(withTwo).to.equal(reference);
    expect(await printedBy(command('more'))).to.equal(reference);
  });

  it('says on stderr and in the report that it is one, and what its figures mean', async () => {
    const { stdout, stderr } = await runPondera(command('reference').filter((each) => each !== '--json'));
    expect(stderr).to.include(
      'histogram form, 1,024 bins of utility: the log stays in its files, each evaluation scans them, values have bounds',
    );
    expect(stdout).to.include('2,000 impressions in 1,024 bins of utility, 6 trials');
    expect(stdout).to.match(/^long_click\.average_precision .* ± 0\.00/m);
    expect(stdout).to.include(
      '±: the value on this log surely lies no farther off, by 1,024 bins of utility; sampling error is not in it.',
    );
    expect(stdout).to.include('Guardrails are met whatever in their bounds the values are.');
  });

  it('takes over where memory does not hold the rows, and says so', async () => {
    const args = ['sweep', file('rows.yaml'), '--db', file('auto.db'), '--json'];
    const { code, stdout, stderr } = await runPondera([...args, '--memory', '600MB']);
    expect(code).to.equal(0);
    expect(stderr).to.not.include('histogram');
    expect(parseSweep(stdout).log).to.not.have.property('form');
    const switched = await runPondera([...args, ...LITTLE_MEMORY]);
    expect(switched.code).to.equal(2);
    expect(switched.stderr).to.include('more than memory may hold; histogram form, 4,096 bins');
  });

  const refusals: readonly (readonly [
    title: string,
    args: readonly string[],
    study: string,
    line: string,
  ])[] = [];
  for (const [title, args, study, line] of refusals) {
    it(title, async () => {
      folder.write('refused.yaml', study);
      const { code, stderr } = await runPondera([
        'sweep',
        file('refused.yaml'),
        '--db',
        file('no.db'),
        ...args,
      ]);
      expect([code, stderr]).to.deep.equal([2, line]);
    });
  }
});
