import { expect } from 'chai';
import type { BootstrapReport } from '../../src/service/bootstrap-report.ts';
import { printedBy, runPondera } from './run-pondera.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { parseSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const REPLICATES = 400;
/** A standard deviation of 400 replicates is off by 1/√800, 3.5 %; four times that, and the influences' first order. */
const RELATIVE = 0.2;

describe('a bootstrap of several objectives', () => {
  it('is refused before the log is read, as there is no best trial', async () => {
    const folder = temporaryFolder();
    try {
      folder.write(
        'study.yaml',
        smallStudy({
          'objective: maximize long_click.average_precision':
            'objectives: [maximize long_click.average_precision, maximize click.average_precision]',
          '  - click.average_precision >= 0.9 * baseline\n': '',
        }),
      );
      const { code, stderr } = await runPondera(['sweep', 'study.yaml', '--bootstrap', '20'], {
        cwd: folder.path,
      });
      expect([code, stderr]).to.deep.equal([
        2,
        'pondera: study.yaml:14: objectives: --bootstrap resamples the best trial, which a study with 2 objectives does not have: ' +
          'expected one objective, or no --bootstrap\n',
      ]);
    } finally {
      folder.remove();
    }
  });
});

describe('a sweep with a bootstrap', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
    folder.write(
      'study.yaml',
      smallStudy({
        'save.average_precision >= 0.9': 'save.average_precision >= 0.5',
        'click.average_precision >= 0.9': 'click.average_precision >= 0.5',
        'objective: maximize long_click.average_precision':
          'derived: { both: long_click.average_precision + 0.5 * save.average_precision }\nobjective: maximize both\nreport: [save.roc_auc, click.ndcg@3]',
      }),
    );
    folder.write('log.csv', smallLog(2000));
  });
  after(() => folder.remove());

  const sweep = (...args: readonly string[]): Promise<string> =>
    printedBy(['sweep', 'study.yaml', ...args], { cwd: folder.path });

  it('gives the best trial intervals around its values, and errors like those of one pass', async () => {
    const printed = await sweep('--bootstrap', String(REPLICATES), '--json');
    const { best, trials } = parseSweep(printed);
    const { bootstrap } = JSON.parse(printed) as { readonly bootstrap: BootstrapReport };
    expect([bootstrap.trial, bootstrap.replicates, bootstrap.level]).to.deep.equal([
      best.number,
      REPLICATES,
      0.95,
    ]);
    expect(best.number).to.be.greaterThan(0);
    expect(bootstrap.metrics).to.have.all.keys(Object.keys(best.metrics));
    for (const [name, { value, change, covariance }] of Object.entries(bootstrap.metrics)) {
      const measured = best.metrics[name]!;
      const errors = trials[best.number]!.errors[name]!;
      expect(value.sem / errors.sem!, name).to.be.closeTo(1, RELATIVE);
      expect(measured.value).to.be.within(...value.interval);
      expect(covariance[name], name).to.be.closeTo(value.sem ** 2, 1e-12);
      expect(change!.sem / errors.changeSem!, `change of ${name}`).to.be.closeTo(1, RELATIVE);
      expect(measured.value - measured.baseline!).to.be.within(...change!.interval);
    }
    const parts = ['long_click.average_precision', 'save.average_precision'] as const;
    const { covariance } = bootstrap.metrics[parts[0]]!;
    expect(bootstrap.metrics['both']!.covariance[parts[0]]).to.be.closeTo(
      covariance[parts[0]]! + 0.5 * covariance[parts[1]]!,
      1e-12,
    );
  });

  it('prints the same intervals each time, with any number of workers', async () => {
    const one = await sweep('--bootstrap', '50', '--workers', '1');
    expect(await sweep('--bootstrap', '50', '--workers', '2')).to.equal(one);
    expect(one).to.match(/^Bootstrap by request, 50 replicates:$/m);
    expect(one).to.match(/^trial \d +95 % interval +95 % interval of the change$/m);
    expect(await sweep()).to.not.include('Bootstrap');
  });

  it('says that it resamples when all trials are done, and lists metrics as the table above does', async () => {
    const args = ['sweep', 'study.yaml', '--bootstrap', '20'];
    const { stdout, stderr } = await runPondera(args, { cwd: folder.path });
    const { best } = parseSweep(await sweep('--json'));
    expect(stderr.trimEnd().split('\n').slice(-2)).to.satisfy(
      ([done, bootstrapping]: readonly string[]) =>
        /^3 of 3 trials are done and stored, in [0-9.]+ s$/.test(done!) &&
        bootstrapping === `bootstrapping trial ${best.number} with 20 replicates`,
    );
    const [table, resampled] = stdout.split('Bootstrap by request').map((part) =>
      part
        .split('\n')
        .map((line) => line.split(' ')[0]!)
        .filter((name) => Object.hasOwn(best.metrics, name) && name !== ''),
    );
    expect(resampled).to.deep.equal([...new Set(table)]);
  });

  it('refuses metrics that hardly any replicate defines', async () => {
    const few = temporaryFolder();
    try {
      const lines = smallLog(40).trimEnd().split('\n');
      const [header, ...rows] = lines;
      const labelled = rows.map((row, i) =>
        row
          .split(',')
          .with(7, i === 0 ? '1' : '0')
          .join(','),
      );
      few.write('log.csv', `${[header, ...labelled].join('\n')}\n`);
      few.write('study.yaml', smallStudy());
      const { code, stderr } = await runPondera(['sweep', 'study.yaml', '--bootstrap', '2', '--seed', '3'], {
        cwd: few.path,
      });
      expect(code).to.equal(2);
      expect(stderr).to.match(
        /metric long_click\.average_precision is undefined in \d of 2 replicates of the bootstrap: expected more positives, or no --bootstrap/,
      );
    } finally {
      few.remove();
    }
  });
});
