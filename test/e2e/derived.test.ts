import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { plainAveragePrecision, plainUtility, readPlainLog } from './plain-evaluator.ts';
import { printedBy } from './run-pondera.ts';
import { meetsByMargin, parseSweep, type PrintedSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const source = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
const STUDY = source('engagement.study.yaml');
const HEADS = ['save', 'click', 'long_click', 'close_up'];
const TRIALS = 20;

/** The best feasible point of a grid of 0.05 over the simplex, then of 0.02, 0.01 and 0.005 around the best so far. */
const OPTIMUM = 0.426915;
/** Of what the optimum is above the baseline: twenty trials of four weights come as far. */
const SHARE_FOUND = 0.9;

describe('a sweep whose objective and guardrail are derived', () => {
  let folder: TemporaryFolder;
  let printed: string;
  let sweep: PrintedSweep;

  const command = (db: string, trials: number): readonly string[] => {
    const options = ['--db', folder.file(`${db}.db`), '--trials', String(trials), '--workers', '1'];
    return ['sweep', STUDY, ...options];
  };

  before(async () => {
    folder = temporaryFolder();
    printed = await printedBy([...command('derived', TRIALS), '--json']);
    sweep = parseSweep(printed);
  });
  after(() => folder.remove());

  it('gives both the values that a plain evaluation of their parts comes to', () => {
    const log = readPlainLog(source('demo/impressions.csv.gz'), HEADS);
    const { best, trials } = sweep;
    const at = (weights: Readonly<Record<string, number>>) => {
      const utility = plainUtility(log, weights);
      const [save, click, longClick, closeUp] = HEADS.map((head) =>
        plainAveragePrecision(log, utility, head),
      );
      return { engagement: 2 * save! + 0.5 * click!, depth: longClick! + closeUp!, click: click! };
    };
    const found = at(best.weights);
    const baseline = at(trials[0]!.weights!);
    expect(best.metrics['engagement']!.value).to.be.closeTo(found.engagement, 1e-12);
    expect(best.metrics['engagement']!.baseline).to.be.closeTo(baseline.engagement, 1e-12);
    expect(best.metrics['depth']!.value).to.be.closeTo(found.depth, 1e-12);
    expect(best.guardrails.map(({ guardrail }) => guardrail)).to.deep.equal([
      'depth >= 0.99 * baseline',
      'click.average_precision >= 0.97 * baseline',
    ]);
    expect(best.guardrails[0]!.bound).to.be.closeTo(0.99 * baseline.depth, 1e-12);
    expect(found.depth).to.be.at.least(0.99 * baseline.depth);
    expect(found.click).to.be.at.least(0.97 * baseline.click);
  });

  it('finds nine tenths of what there is to gain in twenty trials, without a margin', async () => {
    const study = folder.file('exact.study.yaml');
    const text = readFileSync(STUDY, 'utf8').replace('demo/', source('demo/'));
    writeFileSync(study, `${text}guardrailMargin: 0\n`);
    const [, , ...options] = command('exact', TRIALS);
    const { value, baseline } = parseSweep(await printedBy(['sweep', study, ...options, '--json'])).best
      .metrics['engagement']!;
    expect(value - baseline!).to.be.above(SHARE_FOUND * (OPTIMUM - baseline!));
  });

  it('lists the derived metrics of every trial beside their parts, the best feasible being the best of them', () => {
    const { best, trials } = sweep;
    const feasible = trials.filter((trial) =>
      best.guardrails.every(({ guardrail }) => meetsByMargin(sweep, trial, guardrail, 1.645)),
    );
    expect(feasible.length).to.equal(sweep.counts.feasible + 1);
    for (const { number, metrics } of trials) {
      expect(metrics, `trial ${number}`).to.have.all.keys([
        ...HEADS.map((head) => `${head}.average_precision`),
        'engagement',
        'depth',
      ]);
    }
    const highest = Math.max(...feasible.map(({ metrics }) => metrics['engagement']!));
    expect(best.metrics['engagement']!.value).to.equal(highest);
  });

  it('goes on with more trials to the same bytes, and says for people what each derived metric is', async () => {
    await printedBy(command('more', 6));
    expect(await printedBy([...command('more', TRIALS), '--json'])).to.equal(printed);
    const text = await printedBy(command('more', TRIALS));
    expect(text).to.include(
      '\nengagement = 2 * save.average_precision + 0.5 * click.average_precision\n' +
        'depth = long_click.average_precision + close_up.average_precision\n',
    );
    expect(text).to.match(
      /^engagement +0\.411126 +0\.42\d+ ± 0\.0\d+ +\+\d\.\d\d % ± 0\.\d\d % +objective, maximize$/m,
    );
    expect(text).to.match(/^depth .* >= 0\.99 \* baseline = 0\.399134: met/m);
  });
});
