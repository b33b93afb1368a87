import { expect } from 'chai';
import { printedBy, runPondera } from '../e2e/run-pondera.ts';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import type { ModelReport } from '../../src/service/model-of-study.ts';

describe('pondera model', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = temporaryFolder();
    folder.write('study.yaml', smallStudy({ 'budget: 3': 'budget: 6' }));
    folder.write('log.csv', smallLog());
    await printedBy(['sweep', 'study.yaml', '--workers', '1'], { cwd: folder.path });
  });
  after(() => folder.remove());

  const model = (...args: readonly string[]): Promise<string> =>
    printedBy(['model', 'small', ...args], { cwd: folder.path });

  it('prints a row a metric with its fit, then one with its lengthscales, and what they mean', async () => {
    const printed = (await model()).trimEnd().split('\n');
    const { metrics } = JSON.parse(await model('--json')) as ModelReport;
    expect(printed[0]).to.equal('small: models of 7 observations, each foretold from all others');
    const names = [
      'long_click.average_precision',
      'slack of save.average_precision >= 0.9 * baseline',
      'slack of click.average_precision >= 0.9 * baseline',
    ];
    expect(Object.keys(metrics)).to.deep.equal(names);
    expect(printed[2]).to.match(/^metric +R² +rank corr\. +in 50 % +in 90 % +in 95 % +log density +noise$/);
    expect(printed[7]).to.match(/^lengthscale +save +click +long_click$/);
    for (const [i, name] of names.entries()) {
      const { leaveOneOut, lengthscales } = metrics[name]!;
      const cells = printed[3 + i]!.split(/ {2,}/);
      expect(cells).to.deep.equal([
        name,
        leaveOneOut.rSquared!.toFixed(2),
        leaveOneOut.rankCorrelation!.toFixed(2),
        ...leaveOneOut.coverage.map(({ inside }) => `${inside}/7`),
        leaveOneOut.standardizedLogDensity.toFixed(2),
        'none',
      ]);
      expect(printed[8 + i]!.split(/ {2,}/)).to.deep.equal([
        name,
        ...Object.values(lengthscales).map(({ lengthscale }) => String(Number(lengthscale.toPrecision(3)))),
      ]);
    }
    expect(printed[12]).to.contain('Kernel matern52, hyperparameters fitted on 7 observations.');
  });

  it('prints the same bytes each time, with any number of workers, and changes nothing', async () => {
    const before = folder.contents();
    const one = await model('--json', '--workers', '1');
    expect(await model('--json', '--workers', '3')).to.equal(one);
    expect(folder.contents()).to.deep.equal(before);
  });

  it('says what is waited for where there is no model yet', async () => {
    const short = temporaryFolder();
    short.write(
      'study.yaml',
      smallStudy({ 'weights: { save: 0.2, click: 0.4, long_click: 0.4 }': 'scoreColumn: score' }),
    );
    short.write('log.csv', smallLog());
    await printedBy(['sweep', 'study.yaml', '--trials', '1'], { cwd: short.path });
    const printed = await printedBy(['model', 'small'], { cwd: short.path });
    short.remove();
    expect(printed).to.equal(
      'small: no model yet, too few trials are completed to fit a model ' +
        '(1 of at least 2 trials with weights completed)\n',
    );
  });

  it('refuses a study that is not in the database, naming those that are', async () => {
    const { code, stdout, stderr } = await runPondera(['model', 'study.yaml'], { cwd: folder.path });
    expect([code, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.equal('pondera: pondera.db: no study is named "study.yaml": expected one of small\n');
  });
});
