import { expect } from 'chai';
import { formatError, formatShortly } from '../../src/cli/format-errors.ts';
import { readStudyFile } from '../../src/cli/study-file.ts';
import { influencesOf } from '../../src/evaluator/evaluate-with-errors.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { createInfluenceScratch } from '../../src/evaluator/influence/influences.ts';
import { pairedStandardError } from '../../src/evaluator/standard-errors.ts';
import { loadLog } from '../../src/service/load-log.ts';
import { measuredOf, orderingOf } from '../../src/service/log-evaluator.ts';
import { printedBy } from '../e2e/run-pondera.ts';
import { smallLog, smallStudy } from '../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../e2e/temporary-folder.ts';
import type { Explanation } from '../../src/service/explain.ts';
import { type Printed, runCommandLines } from './command-lines.ts';

const STUDY = smallStudy({ 'budget: 3': 'budget: 9\nstep: 0.05' });
const SCORED = smallStudy({
  'name: small': 'name: scored',
  'weights: { save: 0.2, click: 0.4, long_click: 0.4 }': 'scoreColumn: score',
  'budget: 3': 'budget: 1',
});
const BINNED = smallStudy({
  'name: small': 'name: binned',
  'request: r }': 'request: r, form: histogram }',
  'budget: 3': 'budget: 1',
});
const NOT_SWEPT = smallStudy({ 'name: small': 'name: unswept' });
const TWO_OBJECTIVES = smallStudy({
  'objective: maximize long_click.average_precision':
    'objectives: [maximize long_click.average_precision, maximize save.average_precision]',
  '  - save.average_precision >= 0.9 * baseline\n': '',
});

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

describe('pondera explain', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = temporaryFolder();
    folder.write('study.yaml', STUDY);
    folder.write('scored.yaml', SCORED);
    folder.write('binned.yaml', BINNED);
    folder.write('unswept.yaml', NOT_SWEPT);
    folder.write('two.yaml', TWO_OBJECTIVES);
    folder.write('changed.yaml', STUDY.replace('0.9 * baseline', '0.8 * baseline'));
    folder.write('log.csv', smallLog());
    const sweeps = await runCommandLines(
      ['study.yaml', 'scored.yaml', 'binned.yaml'].map((file) => ({
        args: ['sweep', file, '--workers', '1'],
        cwd: folder.path,
      })),
    );
    for (const { code, stderr } of sweeps) expect(code, stderr).to.equal(0);
  });
  after(() => folder.remove());

  const explain = (...args: readonly string[]): Promise<string> =>
    printedBy(['explain', 'study.yaml', ...args], { cwd: folder.path });
  const explanation = async (...args: readonly string[]): Promise<Explanation> =>
    JSON.parse(await explain('--json', ...args)) as Explanation;

  it('has a row a weight: the winner, near-optimal from and to, rounded, and shares', async () => {
    const text = await explain();
    const { winner, nearOptimal, rounded, shares } = await explanation();
    const lines = text.split('\n');
    expect(lines[0]).to.equal(
      `small: 400 impressions in 100 requests; the best feasible is trial ${winner.number}`,
    );
    expect(lines[2]).to.match(
      new RegExp(`^weight +trial ${winner.number} +from +to +step 0.05 +share +baseline share$`),
    );
    for (const [i, name] of ['save', 'click', 'long_click'].entries()) {
      expect(lines[3 + i]!.split(/ {2,}/)).to.deep.equal([
        name,
        String(winner.weights[name]),
        String(Number(nearOptimal!.minimum[name]!.toFixed(4))),
        String(Number(nearOptimal!.maximum[name]!.toFixed(4))),
        String(rounded!.weights[name]),
        percent(shares.winner[name]!),
        percent(shares.baseline![name]!),
      ]);
    }
  });

  it('gives shares that add up to 1 and near-optimal ranges that hold the winner', async () => {
    const { winner, nearOptimal, shares } = await explanation('--within', '2%');
    for (const each of [shares.winner, shares.baseline!]) {
      expect(Object.values(each).reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-12);
    }
    const value = winner.metrics['long_click.average_precision']!.value;
    expect(nearOptimal!.toleranceFrom).to.equal('given');
    expect(nearOptimal!.tolerance).to.be.closeTo(0.02 * value, 1e-15);
    for (const [name, weight] of Object.entries(winner.weights)) {
      expect(nearOptimal!.minimum[name]).to.be.at.most(weight);
      expect(nearOptimal!.maximum[name]).to.be.at.least(weight);
    }
  });

  it('takes the noise of the objective for the loss, where none is given', async () => {
    // Guardrails that the baseline alone meets: errors of the difference to the best are those of the change in the sweep.
    folder.write(
      'tight.yaml',
      STUDY.replace('name: small', 'name: tight').replaceAll('>= 0.9 * baseline', '>= baseline'),
    );
    const [sweep, explained] = await runCommandLines(
      [
        ['sweep', 'tight.yaml', '--json', '--db', 'tight.db'],
        ['explain', 'tight.yaml', '--json', '--db', 'tight.db'],
      ].map((args) => ({ args, cwd: folder.path })),
    );
    const { trials } = JSON.parse(sweep!.stdout) as {
      trials: { errors: Record<string, { changeSem: number }> }[];
    };
    const { winner, objective, nearOptimal } = JSON.parse(explained!.stdout) as Explanation;
    expect(winner.number).to.equal(0);
    const errors = trials.slice(1).map((trial) => trial.errors[objective]!.changeSem);
    const sorted = errors.toSorted((a, b) => a - b);
    const { noise, tolerance, toleranceFrom } = nearOptimal!;
    expect([tolerance, toleranceFrom]).to.deep.equal([null, 'noise']);
    expect([noise!.errors, noise!.trials]).to.deep.equal([1.645, 9]);
    expect(noise!.lowest).to.be.closeTo(sorted[0]!, 1e-15);
    expect(noise!.median).to.be.closeTo(sorted[4]!, 1e-15);
    expect(noise!.highest).to.be.closeTo(sorted[8]!, 1e-15);
    const text = await explain();
    expect(text).to.match(
      /lose no more of long_click\.average_precision than noise: 1\.645 paired standard errors of the difference to trial \d/,
    );
    expect(await explain('--within', '2%')).to.match(/lose at most \S+ of \S+ \(2\.00 %, as asked\)/);
  });

  it('tells the paired standard error of what rounding costs, and the margins at the rounded weights', async () => {
    const { rounded, winner, objective } = await explanation();
    const { definition } = await readStudyFile(folder.file('study.yaml'));
    const { log } = await loadLog(definition, folder.file('log.csv'));
    const measured = measuredOf(definition, log, objective);
    const [one, other] = [winner.weights, rounded!.weights].map((weights) =>
      influencesOf(
        log,
        orderingOf(log, weights),
        measured,
        createEvaluationScratch(log),
        createInfluenceScratch(log),
      ),
    );
    const expected = pairedStandardError(one![objective]!, other![objective]!);
    expect(rounded!.lossSem).to.be.closeTo(expected, 1e-15);
    const text = await explain();
    expect(text).to.contain(` ± ${formatError(expected)} (`);
    for (const { guardrail, slack, margin, met } of rounded!.guardrails) {
      expect(met).to.equal(slack >= margin!.margin);
      const row = text.split('\n').find((line) => line.startsWith(guardrail))!;
      expect(row).to.match(new RegExp(` ${formatShortly(margin!.margin)}  ${met ? 'met' : ''}`));
    }
  });

  it('looks at the part of the log that the trials were scored on', async () => {
    folder.write(
      'held.yaml',
      `${STUDY.replace('name: small', 'name: held').replace('label: y_save', 'label: y_save, calibration: isotonic')}holdout: { share: 0.3 }\n`,
    );
    const [sweep, explained, other] = await runCommandLines(
      [
        ['sweep', 'held.yaml', '--json', '--db', 'held.db'],
        ['explain', 'held.yaml', '--json', '--db', 'held.db'],
        ['explain', 'held.yaml', '--json', '--db', 'held.db', '--holdout', '0.2'],
      ].map((args) => ({ args, cwd: folder.path })),
    );
    const { log } = JSON.parse(sweep!.stdout) as { log: { rows: number; requests: number } };
    const { rows, requests } = JSON.parse(explained!.stdout) as Explanation;
    expect(rows).to.be.lessThan(400);
    expect([rows, requests]).to.deep.equal([log.rows, log.requests]);
    expect(other!.code).to.equal(2);
    expect(other!.stderr).to.include('holdout.share was 0.3, is 0.2');
  });

  it('rounds to the best evaluated multiple, and says what that costs', async () => {
    const { rounded, winner, objective } = await explanation();
    const { weights, loss, feasible, guardrails } = rounded!;
    expect(Object.values(weights).reduce((sum, weight) => sum + Math.round(weight * 20), 0)).to.equal(20);
    expect(weights['click']!).to.be.at.most(2 * weights['long_click']! + 1e-9);
    expect(feasible).to.equal(guardrails.every(({ met }) => met));
    expect(loss).to.be.closeTo(winner.metrics[objective]!.value - rounded!.objective, 1e-15);
    // The value is that of a study whose baseline has these weights.
    folder.write(
      'rounded.yaml',
      smallStudy({
        'name: small': 'name: rounded',
        'weights: { save: 0.2, click: 0.4, long_click: 0.4 }': `weights: ${JSON.stringify(weights)}`,
        'budget: 3': 'budget: 1',
      }),
    );
    const sweep = await printedBy(['sweep', 'rounded.yaml', '--json', '--db', 'rounded.db'], {
      cwd: folder.path,
    });
    const { trials } = JSON.parse(sweep) as { trials: { metrics: Record<string, number> }[] };
    expect(rounded!.objective).to.equal(trials[0]!.metrics[objective]);
    expect(await explain()).to.contain(`Rounded to multiples of 0.05: ${objective} `);
  });

  it('compares the ranking with the baseline, be it weights or a logged score', async () => {
    const { agreement } = await explanation('--top', '2');
    expect(agreement!.cutoff).to.equal(2);
    expect(agreement!.overlap).to.be.within(0, 1);
    expect(agreement!.kendallTau).to.be.within(-1, 1);
    expect(agreement!.overlapRequests).to.equal(100);
    expect(await explain()).to.contain('no request has more than 10 rows, so that their tops are the same');
    const scored = await printedBy(['explain', 'scored.yaml', '--top', '2'], { cwd: folder.path });
    expect(scored).to.match(/the first 2 places have [\d.]+ % in common \(100 requests of more rows\)/);
    expect(scored).to.not.contain('baseline share');
    expect(scored).to.not.contain('multiples of');
  });

  it('prints the same bytes with any number of workers, and changes nothing', async () => {
    const before = folder.contents();
    const one = await explain('--json', '--workers', '1');
    expect(await explain('--json', '--workers', '3')).to.equal(one);
    expect(folder.contents()).to.deep.equal(before);
  });

  describe('refuses, with one clear line and code 2,', () => {
    const REFUSED: Readonly<Record<string, { readonly args: readonly string[]; readonly line: string }>> = {
      'a study that was not swept': {
        args: ['unswept.yaml'],
        line: 'pondera.db: no study is named "unswept": expected one of binned, scored, small',
      },
      'a database that is not there': {
        args: ['study.yaml', '--db', 'none.db'],
        line: 'none.db: does not exist: expected a database of pondera',
      },
      'a study that has changed': {
        args: ['changed.yaml'],
        line:
          'changed.yaml:16: guardrails.0.factor: study "small" has trials under another definition: guardrails.0.factor was 0.9, is 0.8; ' +
          'expected the same (give the file, and --log, --seed and --holdout, that it was swept with)',
      },
      'a study that was swept in the histogram form': {
        args: ['binned.yaml'],
        line: 'binned.yaml:2: log.form: study "binned" was swept in the histogram form, which keeps no rankings: expected a sweep in log.form: rows',
      },
      'a study with several objectives': {
        args: ['two.yaml'],
        line: 'two.yaml:14: objectives: study "small" has 2 objectives: expected one, for a best trial to explain',
      },
      'a step that the sum is no multiple of': {
        args: ['study.yaml', '--step', '0.3'],
        line: 'study.yaml:21: step: no multiples of 0.3 near the best weights meet the ranges, the sum and the constraints: expected a step that some do',
      },
      'a log that memory holds, but not with what it is evaluated with': {
        args: ['study.yaml', '--memory', '401MB', '--workers', '1'],
        line: 'log.csv: evaluating 402 impressions takes about 0.440 GB of memory, and 0.401 GB are allowed: expected a smaller log, such as a sample of its requests, or more memory (--memory)',
      },
      'a step that is no number': {
        args: ['study.yaml', '--step', 'fine'],
        line: '',
      },
      'a loss that is no number': {
        args: ['study.yaml', '--within', '-1%'],
        line: '',
      },
    };
    const OPTIONS = {
      'a step that is no number':
        "error: option '--step <x>' argument 'fine' is invalid. Expected a number above 0, such as 0.05.\n(pondera explain --help lists what there is)\n",
      'a loss that is no number':
        "error: option '--within <loss>' argument '-1%' is invalid. Expected a share such as 0.5%, or an amount such as 0.001.\n(pondera explain --help lists what there is)\n",
    };
    let printed: readonly Printed[];
    before(async () => {
      printed = await runCommandLines(
        Object.values(REFUSED).map(({ args }) => ({ args: ['explain', ...args], cwd: folder.path })),
      );
    });
    for (const [i, [why, { line }]] of Object.entries(REFUSED).entries()) {
      it(why, () => {
        const expected = why in OPTIONS ? OPTIONS[why as keyof typeof OPTIONS] : `pondera: ${line}\n`;
        const { stderr, code, stdout } = printed[i]!;
        expect(stderr.replace(/^reading .*\n/, '').replace(/^\(pondera --help.*\n/m, '')).to.equal(expected);
        expect([code, stdout]).to.deep.equal([2, '']);
      });
    }
  });
});
