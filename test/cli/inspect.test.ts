import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { printedBy, runPondera } from '../e2e/run-pondera.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import { readStudyFile } from '../../src/cli/study-file.ts';
import type { HeadReport, LogInspection } from '../../src/service/inspect-log.ts';
import { loadLog } from '../../src/service/load-log.ts';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { runCommandLines } from './command-lines.ts';

const STUDY = `log: { path: 'log-*.csv', request: r, user: u, timestamp: t, segment: g, position: k, displayPropensity: p }
heads:
  click: { score: s, label: y, negativeKeepRate: 0.5 }
  hide: { score: h, label: z, sign: -1 }
`;

/** Sixty rows a file, six a request. */
function part(first: number): string {
  const lines = ['r,s,y,h,z,u,t,g,k,p'];
  for (let i = first; i < first + 60; i++) {
    const request = Math.floor(i / 6);
    const labels = `${(i * 0.37) % 1},${i % 3 === 0 ? 1 : 0},${(i * 0.41) % 1},${i % 10 === 0 ? 1 : ''}`;
    lines.push(
      `${request},${labels},u${request % 4},2025-03-01,${i % 2 ? 'old' : 'new'},${1 + (i % 6)},${i % 2 ? 0.08 : 0.4}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

describe('pondera inspect', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
    folder.write('study.yaml', STUDY);
    folder.write('log-0.csv', part(0));
    folder.write('log-1.csv', part(60));
  });
  after(() => folder.remove());

  const inspect = (...args: readonly string[]): Promise<string> =>
    printedBy(['inspect', 'study.yaml', ...args], { cwd: folder.path });

  it('prints counts, tables of at most 80 columns and warnings, and succeeds, for log and heads alone', async () => {
    const printed = await inspect();
    const lines = printed.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(80);
    expect(lines.slice(0, 3)).to.deep.equal([
      '2 files, log-0.csv to log-1.csv',
      '120 impressions in 20 requests of up to 6 rows; 0 requests have one row',
      '0 duplicates; 0 rows dropped for a null score',
    ]);
    expect(printed).to.match(/^4 users$/m);
    expect(printed).to.match(/^places 1 to 6$/m);
    expect(lines.slice(6, 10)).to.deep.equal([
      'propensities p: 1/p is 7.50 on average and at most 12.5, an effective sample of',
      '83 of 120 rows',
      'rows that a clip of 1/p would change: 10 50.0 %, 20 0.0 %, 50 0.0 %, 100 0.0 %',
      'pairs of a row and a place of its request that p says could be shown: 125.0 %',
    ]);
    expect(printed).to.match(/^segments: new, old$/m);
    expect(printed).to.match(/^click +40 +80 +0 +0\.333333/m);
    expect(printed).to.match(/^hide +12 +0 +90\.0 % +1/m);
    expect(printed).to.match(/^click before +0\.[0-9]+/m);
    expect(printed).to.match(/^click β 0\.5 +0\.[0-9]+/m);
    expect(printed).to.match(/^hide as logged +0\.[0-9]+/m);
    expect(printed).to.match(/^click: up to +rows +score +observed +rows +calibrated +observed$/m);
    expect(printed).to.match(/^hide: score up to +rows +score +observed +± 1 se$/m);
    const title = lines.findIndex((line) => /^[0-9]+ warnings:$/.test(line));
    expect(lines.slice(title + 1).every((line) => /^(- |  )/.test(line))).to.equal(true);
    expect(printed).to.include('- hide: 12 labels are positive');
  });

  it('prints the same as JSON', async () => {
    const report = JSON.parse(await inspect('--json')) as LogInspection;
    expect(report.files).to.deep.equal(['log-0.csv', 'log-1.csv']);
    expect([report.rows, report.requests, report.users, report.lastPosition]).to.deep.equal([120, 20, 4, 6]);
    const { before, after } = report.heads['click']!;
    expect(before!.reliability.uniform).to.have.length(10);
    expect(after!.reliability.quantile.map(({ rows }) => rows)).to.deep.equal(
      before!.reliability.quantile.map(({ rows }) => rows),
    );
    expect(after!.mean).to.be.below(before!.mean);
    expect(report.warnings.map(({ head }) => head)).to.include('hide');
  });

  it('takes another log, by a pattern from where it is run', async () => {
    const report = JSON.parse(await inspect('--json', '--log', 'log-[1].csv')) as LogInspection;
    expect([report.files, report.rows]).to.deep.equal([['log-1.csv'], 60]);
  });

  it('writes a reliability diagram of each head, before and after its calibration', async () => {
    folder.write(
      'calibrated.yaml',
      smallStudy({
        'label: y_save': 'label: y_save, calibration: isotonic',
        'label: y_click': 'label: y_click, negativeKeepRate: 0.5',
      }),
    );
    folder.write('log.csv', smallLog());
    const [printed, refused] = await runCommandLines(
      [
        ['inspect', 'calibrated.yaml', '--svg', 'figures'],
        ['inspect', 'calibrated.yaml', '--svg', 'log.csv'],
      ].map((args) => ({ args, cwd: folder.path })),
    );
    expect(printed!.code, printed!.stderr).to.equal(0);
    expect(printed!.stderr).to.contain(`wrote ${join('figures', 'save.reliability.svg')}\n`);
    expect(printed!.stdout)
      .to.match(/^save before +[\d.]+ +[\d.]+/m)
      .and.match(/^save isotonic +[\d.]+ +[\d.]+/m);
    const figure = (head: string): string =>
      readFileSync(folder.file(`figures/${head}.reliability.svg`), 'utf8');
    expect(figure('save')).to.contain('>before</text>').and.contain('>after (isotonic)</text>');
    expect(figure('click')).to.contain('>before</text>').and.contain('>after (beta 0.5)</text>');
    expect(figure('long_click')).to.contain('>scores</text>').and.not.contain('>after');
    // Fitted to these labels, isotonic probabilities are right in each bin of their own.
    const points = [...figure('save').matchAll(/<title>([\d.]+) predicted, ([\d.]+) observed/g)];
    const ownBins = points.filter(([, predicted, observed]) => predicted === observed);
    expect(ownBins.length).to.be.greaterThan(1);
    expect(refused!.stderr.split('\n').at(-2)).to.equal(
      'pondera: log.csv: cannot be written (EEXIST): expected a folder for figures',
    );
    expect(refused!.code).to.equal(2);
  });

  it('fits isotonic calibration without the labels that are held out, as a sweep does', async () => {
    folder.write('log.csv', smallLog());
    const isotonic = { 'label: y_save': 'label: y_save, calibration: isotonic' };
    folder.write('whole.yaml', smallStudy(isotonic));
    folder.write('part.yaml', `${smallStudy(isotonic)}holdout: { share: 0.4 }\n`);
    const reports = await runCommandLines(
      [
        ['inspect', 'whole.yaml', '--json'],
        ['inspect', 'part.yaml', '--json'],
      ].map((args) => ({ args, cwd: folder.path })),
    );
    const [whole, part] = reports.map(
      ({ stdout }) => (JSON.parse(stdout) as LogInspection).heads['save']!,
    ) as [HeadReport, HeadReport];
    expect(part.before).to.deep.equal(whole.before);
    expect(whole.after!.mean).to.be.closeTo(whole.baseRate!, 1e-12);
    expect(whole.calibration).to.equal('isotonic');
    const { definition } = await readStudyFile(folder.file('part.yaml'));
    const { log } = await loadLog(definition, folder.file('log.csv'));
    const { calibration } = log.heads.find(({ name }) => name === 'save')!;
    expect(part.after!.logLoss).to.equal(calibration.after!.logLoss);
    expect(part.after!.logLoss).to.be.greaterThan(whole.after!.logLoss);
  });

  it('says that nothing warns', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => {
      const score = ((i * 7919) % 2000) / 2000;
      return `${i % 100},${score},${(i * 0.6180339887) % 1 < score ? 1 : 0}`;
    });
    folder.write('good.csv', `r,s,y\n${rows.join('\n')}\n`);
    folder.write(
      'good.yaml',
      'log: { path: good.csv, request: r }\nheads: { click: { score: s, label: y } }\n',
    );
    const printed = await printedBy(['inspect', 'good.yaml'], { cwd: folder.path });
    expect(printed.trimEnd().split('\n').at(-1)).to.equal('No warnings.');
  });

  for (const { why, study, args = [], line } of [
    {
      why: 'a study without a log',
      study: 'name: x\n',
      line: 'study.yaml: the study has no log to inspect: add log and heads',
    },
    {
      why: 'a misspelt key',
      study: STUDY.replace('sign:', 'sing:'),
      line: 'study.yaml:4: heads.hide.sing: unknown key "sing"',
    },
    {
      why: 'a path that is none',
      study: STUDY.replace("'log-*.csv'", '[]'),
      line: 'study.yaml:1: log.path: ',
    },
    {
      why: 'a pattern without a match',
      study: STUDY.replace('log-*.csv', 'day/*.csv'),
      line: 'day/*.csv: no file has a name like this: expected the log',
    },
    {
      why: 'a column that is not there',
      study: STUDY.replace('user: u', 'user: v'),
      line: 'log-0.csv: the log has no column "v" (user)',
    },
    {
      why: 'a hold-out by users, which the log does not name',
      study: `${STUDY.replace(' user: u,', '')}holdout: { share: 0.3, by: user }\n`,
      line: 'study.yaml:5: holdout.by: is user: add user: COLUMN under log, or hold out by request',
    },
    {
      why: 'a calibration that a rate of negatives is not for',
      study: STUDY.replace('sign:', 'calibration: none, negativeKeepRate: 0.1, sign:'),
      line: 'study.yaml:4: heads.hide.calibration: is "none", which takes no negativeKeepRate: expected beta, or no negativeKeepRate',
    },
    {
      why: 'a log beyond the memory allowed',
      study: STUDY,
      args: ['--memory', '1MB'],
      line: 'log-0.csv and 1 more: reading 124 impressions takes about 0.400 GB of memory, and 1 MB are allowed',
    },
  ]) {
    it(`refuses ${why} in one line`, async () => {
      folder.write('study.yaml', study);
      const { code, stderr, stdout } = await runPondera(['inspect', 'study.yaml', ...args], {
        cwd: folder.path,
      });
      expect([code, stdout]).to.deep.equal([2, '']);
      const [told, ...others] = stderr
        .split('\n')
        .filter((text) => text !== '' && !text.startsWith('reading '));
      expect(told).to.include(`pondera: ${line}`);
      expect(others).to.deep.equal([]);
      folder.write('study.yaml', STUDY);
    });
  }
});
