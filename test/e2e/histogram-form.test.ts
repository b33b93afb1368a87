import { expect } from 'chai';
import { headSchema } from '../../src/domain/log.ts';
import { type LogMetric, parseLogMetric } from '../../src/domain/metric.ts';
import type { Bounds } from '../../src/domain/trial.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import type { WhatIfReport } from '../../src/service/what-if-study.ts';
import { printedBy, runPondera } from './run-pondera.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { parseSweep, type PrintedSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const ROWS = 2000;
const TRIALS = 6;

/** Of sums over some hundred terms, added in another order. */
const ROUNDING = 1e-12;

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
    'sweep',
    file('study.yaml'),
    '--db',
    file(`${db}.db`),
    '--workers',
    '1',
    '--json',
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

  const NO = 'study.yaml';
  const refusals: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    readonly string[],
    string,
  ])[] = [
    [
      'a metric of places',
      { 'seed: 1': 'report: [click.ndcg@10]\nseed: 1' },
      [],
      `${NO}:21: report.0: click.ndcg@10 cannot be had from histograms of utility: expected one of average_precision, ` +
        'pr_auc_trapezoid, roc_auc, log_loss, brier, or log.form: rows',
    ],
    [
      'an objective of a part of a derived metric',
      {
        'objective: maximize long_click.average_precision':
          'derived: { mix: click.average_precision + save.mrr }\nobjective: maximize mix',
      },
      [],
      `${NO}:15: objective: save.mrr cannot be had from histograms of utility: expected one of average_precision, ` +
        'pr_auc_trapezoid, roc_auc, log_loss, brier, or log.form: rows',
    ],
    [
      'a calibration that is fitted to labels',
      { 'label: y_click }': 'label: y_click, calibration: isotonic }' },
      [],
      `${NO}:5: heads.click.calibration: is "isotonic", which is fitted to rows in memory: expected none or beta, or log.form: rows`,
    ],
    [
      'a hold-out',
      {},
      ['--holdout', '0.3'],
      `${NO}: holdout: a hold-out takes requests or users apart, which the histogram form does not: expected none, or log.form: rows`,
    ],
    [
      'a bootstrap',
      {},
      ['--bootstrap', '10'],
      `${NO}:2: log.form: a bootstrap (--bootstrap) takes requests or users apart, which the histogram form does not: expected none, or log.form: rows`,
    ],
    [
      'a margin of standard errors',
      { 'seed: 1': 'guardrailMargin: 2\nseed: 1' },
      [],
      `${NO}:21: guardrailMargin: 2 standard errors, which the histogram form does not have (its guardrails are met for certain, by bounds): expected 0, or log.form: rows`,
    ],
    [
      'memory that is too little for it',
      {},
      ['--memory', '300MB'],
      'the histogram form takes at least 0.4 GB of memory, and 0.300 GB are allowed: expected more memory (--memory)',
    ],
    [
      'a form that there is not',
      { 'request: r }': 'request: r, form: bins }' },
      [],
      `${NO}:2: log.form: is "bins": expected rows or histogram`,
    ],
  ];
  for (const [what, changes, args, line] of refusals) {
    it(`refuses ${what}, in one line`, async () => {
      const place = temporaryFolder();
      place.write('log.csv', smallLog(40));
      place.write('study.yaml', smallStudy(changes));
      const form = what.startsWith('a form') ? [] : ['--form', 'histogram'];
      const { code, stderr } = await runPondera(['sweep', 'study.yaml', ...form, ...args], {
        cwd: place.path,
      });
      place.remove();
      expect([code, stderr.trim().split('\n').at(-1)]).to.deep.equal([2, `pondera: ${line}`]);
    });
  }

  it('refuses bad values as the rows in memory do', async () => {
    const place = temporaryFolder();
    place.write('study.yaml', smallStudy());
    const [header, ...rows] = smallLog(40).trimEnd().split('\n') as [string, ...string[]];
    const changed = (row: number, column: number, value: string): string =>
      [
        header,
        ...rows.map((line, i) => (i === row ? line.split(',').with(column, value).join(',') : line)),
      ].join('\n');
    for (const bad of [changed(7, 1, '1.5'), changed(7, 2, ''), changed(3, 5, '2'), header]) {
      place.write('log.csv', bad);
      const lines = await Promise.all(
        ['rows', 'histogram'].map(async (form) => {
          const { code, stderr } = await runPondera(['sweep', 'study.yaml', '--form', form], {
            cwd: place.path,
          });
          return [code, stderr.trim().split('\n').at(-1)];
        }),
      );
      expect(lines[1]).to.deep.equal(lines[0]);
      expect(lines[0]![0]).to.equal(2);
    }
    place.remove();
  });

  it('is asked what if, with the margins that its bounds leave, and it is said what they are', async () => {
    const args = ['whatif', 'small', '--db', file('reference.db')];
    const text = await printedBy(args);
    expect(text).to.include(
      "Guardrails are met whatever in their bounds the values are: the margin is what bins of utility leave open. Below, a trial's c is",
    );
    expect(text).to.not.include('standard errors');
    const { asked } = JSON.parse(await printedBy([...args, '--json'])) as WhatIfReport;
    const { best } = parseSweep(reference);
    expect(asked.best!.number).to.equal(best.number);
    expect(asked.best!.guardrails.map(({ margin }) => margin)).to.deep.equal(
      best.guardrails.map(({ margin }) => margin),
    );
  });

  it('goes on in the form that it began in, and refuses another', async () => {
    const other = await runPondera(command('reference', '--form', 'rows'));
    expect(other.code).to.equal(2);
    expect(other.stderr).to.include('log.form was "histogram", is "rows"');
    const bins = smallStudy({ 'request: r }': 'request: r, form: histogram, bins: 512 }' });
    folder.write('bins.yaml', bins);
    const fewer = await runPondera(['sweep', file('bins.yaml'), '--db', file('reference.db')]);
    expect(fewer.stderr).to.include('log.bins was 1024, is 512');
  });
});
