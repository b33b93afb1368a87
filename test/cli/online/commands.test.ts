import { expect } from 'chai';
import { experimentRequestSchema } from '../../../src/domain/experiment.ts';
import type { OnlineDefinition } from '../../../src/domain/online.ts';
import { formatAnalysis } from '../../../src/cli/online/format-analysis.ts';
import { formatExperiment } from '../../../src/cli/online/format-arms.ts';
import { formatPlan } from '../../../src/cli/online/format-plan.ts';
import { formatRecommendation } from '../../../src/cli/online/format-recommendation.ts';
import type { AnalysedExperiment } from '../../../src/service/analyse-experiment.ts';
import { type ExperimentPlan, planRequestSchema } from '../../../src/service/plan-experiment.ts';
import type { StoredExperiment, StoredReadout } from '../../../src/service/read-experiments.ts';
import type { NextStep } from '../../../src/service/recommend-next.ts';
import { readStudyFile } from '../../../src/cli/study-file.ts';
import type { TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { armRows, PLANNED, run, succeed, sweptFolder, userRows } from './online-study.ts';

const WIDTH = 100;

/** Lines that are no commands, which stay whole so that they can be pasted. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => !line.includes('npx pondera'));
}

function expectWithin(text: string): void {
  for (const line of linesOf(text)) expect(line.length, line).to.be.at.most(WIDTH);
}

/** What a round says that was planned without the log of its study. */
const WITHOUT_LOG =
  'arms were not measured on a log, and none merged: none was given, expected --log PATH, which measures and merges them';

/** A study without a log. */
function liveStudy(effect: number): string {
  return `name: live
weights: { click: [0, 1], save: [0, 1] }
sum: 1
objective: maximize ctr
baseline: { weights: { click: 0.5, save: 0.5 } }
online:
  metrics: { ctr: { kind: propensity, mean: 0.1, relevantEffect: ${effect} } }
  objective: maximize ctr
`;
}

describe('commands of experiments', function () {
  this.timeout(180_000);
  let folder: TemporaryFolder;
  let online: OnlineDefinition;
  before(async () => {
    folder = await sweptFolder();
    online = (await readStudyFile(folder.file('study.yaml'))).definition.online!;
  });
  after(() => folder.remove());

  const parsed = async <Value>(...args: readonly string[]): Promise<Value> =>
    JSON.parse((await succeed(folder, [...args, '--json']))[0]!) as Value;

  it('plan arms by what each shows, before anything is known of what they gain', async () => {
    const plan = await parsed<ExperimentPlan>(
      'plan',
      'small',
      '--per-day',
      '1000',
      '--most',
      '4',
      '--mean',
      'clicks=4.5',
      '--sd',
      'clicks=3',
      '--effect',
      'clicks=0.04',
    );
    expect(plan.plans.map(({ arms }) => arms)).to.deep.equal([1, 2, 3, 4]);
    expect(plan.metrics.map(({ name, source }) => `${name} ${source}`)).to.deep.equal([
      'long study',
      'clicks request',
      'savers study',
    ]);
    expect(plan.armsThatGain).to.equal(null);
    // What the users needed show is what matters: with so many, the detectable effect is the relevant one.
    for (const [i, { arms, units, days }] of plan.needed.entries()) {
      const { metrics, controlUnits, armUnits } = plan.plans[i]!;
      const total = controlUnits + arms * armUnits;
      for (const [metric, count] of Object.entries(units)) {
        const { relative } = metrics.find(({ name }) => name === metric)!;
        const relevant = plan.metrics.find(({ name }) => name === metric)!.relevantEffect!;
        expect(relative! * Math.sqrt(total / count)).to.be.closeTo(relevant, 1e-5);
      }
      expect(days).to.equal(Math.max(...Object.values(units)) / 1000);
    }
    const request = planRequestSchema.parse({ unitsPerDay: 1000, days: 14 });
    const text = formatPlan({ plan, request }, WIDTH);
    expectWithin(text);
    expect(text.replaceAll('\n', ' ')).to.contain('No expected gain, as no experiment was read out');
    expect(text).to.match(/^arms +users an arm +long +clicks +savers +days needed$/m);
  });

  it('plan with means and spreads of a file, and name metrics of which nothing is known', async () => {
    folder.write('today.csv', userRows(['a', 'b']));
    const [text] = await succeed(folder, [
      'plan',
      'small',
      '--per-day',
      '500',
      '--most',
      '2',
      '--readout',
      'today.csv',
      '--column',
      'savers=saves',
    ]);
    expect(text).to.match(/^clicks +4\.\d+ +2\.\d+ +- +the readout given$/m);
    const [without] = await succeed(folder, ['plan', 'small', '--per-day', '500', '--most', '2']);
    expect(without).to.contain('Without mean and spread, so not planned: clicks (--mean, --sd, --readout).');
  });

  describe('one after another', () => {
    let first: StoredExperiment;
    before(async () => {
      folder.write('bold.yaml', 'bold: { save: 0.1, click: 0.3, long_click: 0.6 }\n');
      first = await parsed<StoredExperiment>(
        'arms',
        'small',
        '--arms',
        '3',
        '--add',
        'bold.yaml',
        '--add',
        'save=0.3,click=0.3,long_click=0.4',
        ...PLANNED,
        '--log',
        'log.csv',
        '--merge',
        '0.99',
        '--top',
        '3',
        '--units',
        '2400',
        '--control',
        'sharpest',
      );
    });

    it('arms are the baseline, those picked by hand and those the study chooses, measured on the log', () => {
      expect(first.arms.map(({ name }) => name).slice(0, 3)).to.deep.equal(['baseline', 'bold', 'r1-hand-2']);
      expect(first.arms[1]!.weights).to.deep.equal({ save: 0.1, click: 0.3, long_click: 0.6 });
      expect(first.window).to.deep.equal({ start: '2025-03-03', end: '2025-03-17' });
      expect(first.provenance.request).to.deep.include({
        units: 2400,
        controlShare: 'sharpest',
        merge: { above: 0.99, cutoff: 3 },
      });
      for (const { offline } of first.arms) {
        expect(Object.keys(offline!)).to.include.members([
          'long_click.average_precision',
          'click.average_precision',
        ]);
      }
    });

    it('a stored round is printed, in lines of a terminal, and exported to every platform', async () => {
      const [text] = await succeed(folder, [
        'arms',
        'small',
        '--round',
        '1',
        '--log',
        'log.csv',
        '--top',
        '3',
      ]);
      expect(text).to.match(
        /^small-1: round 1 of small, planned; 2025-03-03 to 2025-03-17, all traffic, 2,400 users$/m,
      );
      expect(text).to.match(/^bold +\d+\.\d\d % +by hand +0\.1 +0\.3 +0\.6$/m);
      expect(text).to.match(/^on the log .* most alike +tau$/m);
      expectWithin(formatExperiment(first, { db: 'pondera.db' }, WIDTH));
      const exported = await Promise.all(
        ['json', 'growthbook', 'unleash', 'launchdarkly', 'planout'].map(
          async (format) =>
            JSON.parse(
              (await succeed(folder, ['arms', 'small', '--round', '1', '--export', format]))[0]!,
            ) as object,
        ),
      );
      for (const payload of exported) expect(JSON.stringify(payload)).to.contain('bold');
      const { arms } = exported[0] as { arms: { arm: string; share: number }[] };
      expect(arms.map(({ arm }) => arm)).to.deep.equal(first.arms.map(({ name }) => name));
      expect(arms.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-12);
      const [half, again] = await succeed(
        folder,
        ['arms', 'small', '--round', '1', '--export', 'json', '--coverage', '0.5'],
        ['arms', 'small', '--round', '1', '--export', 'json'],
      );
      interface Ramped {
        readonly coverage: number;
        readonly arms: readonly { readonly range: readonly [number, number] }[];
      }
      const whole = exported[0] as Ramped;
      const ramped = JSON.parse(half!) as Ramped;
      expect([whole.coverage, ramped.coverage]).to.deep.equal([1, 0.5]);
      // Half of each arm's users, and of no other's.
      whole.arms.forEach(({ range: [start, end] }, i) => {
        const { range } = ramped.arms[i]!;
        expect(range[0]).to.equal(start);
        expect(range[1] - start).to.be.closeTo((end - start) / 2, 1e-4);
      });
      expect(JSON.parse(again!), 'what was planned stays').to.deep.equal(exported[0]);
    });

    it('nothing is recommended but to wait while the round is open', async () => {
      const [text] = await succeed(folder, ['recommend', 'small']);
      expect(text).to.equal(
        'small: wait for the readout of round 1.\n\n- Experiment 1 is planned: its readout comes first.\n\n' +
          'Next: npx pondera readout small READOUT.csv --round 1 --db pondera.db\n',
      );
    });

    it('a readout of users is stored once the gates let it pass, and the same again is no new one', async () => {
      const arms = first.arms.map(({ name }) => name);
      // Shares that are sharpest: the baseline has √K times the users of an arm.
      const control = Math.round(400 * Math.sqrt(arms.length - 1));
      const rows = userRows(['baseline'], control).trimEnd() + userRows(arms.slice(1)).replace(/^[^\n]*/, '');
      folder.write('users.csv', rows);
      const args = [
        'readout',
        'small',
        'users.csv',
        '--column',
        'savers=saves',
        '--covariate',
        'long=before',
      ];
      const [text, again] = await succeed(folder, args, args);
      const total = control + 400 * (arms.length - 1);
      expect(text).to.contain(
        `Round 1 of small, 2025-03-03 to 2025-03-17: ${total.toLocaleString('en')} users is stored as readout 1.`,
      );
      expect(text).to.match(/^savers: \d+ users have more than one; a propensity counts each user once\.$/m);
      expect(text).to.contain(`Read from ${total.toLocaleString('en')} rows, one a user.`);
      expect(again).to.contain('was stored before as readout 1: nothing has changed.');
    });

    it('another readout, of arms, replaces it; a gate is forced by its name, which is told', async () => {
      const arms = first.arms.map(({ name }) => name);
      folder.write('arms.csv', armRows(arms));
      const [refused] = await run(folder, ['readout', 'small', 'arms.csv']);
      expect([refused!.code, refused!.stdout]).to.deep.equal([2, '']);
      expect(refused!.stderr).to.match(
        /^pondera: arms\.csv: units were not split as planned, p = .* \(gate sample_ratio\)$/m,
      );
      const [text] = await succeed(folder, [
        'readout',
        'small',
        'arms.csv',
        '--force',
        'sample_ratio',
        '--reason',
        'one bot',
      ]);
      expect(text).to.contain('is stored as readout 2, in place of the one before, which is kept.');
      expect(text).to.match(/^Forced \(sample_ratio\): units were not split as planned/m);
      expect(text).to.match(/^Why it was forced: one bot$/m);
      const told =
        'Readouts were forced past gates that refused them: that of round 1 past sample_ratio ("one bot").';
      const [analysis, advice] = await succeed(folder, ['analyse', 'small'], ['recommend', 'small']);
      expect(analysis!.split('\n\n')[1]).to.equal(told);
      expect(advice).to.contain(`\n- ${told}\n`);
      const stored = await parsed<StoredReadout>('readout', 'small', 'arms.csv', '--force', 'sample_ratio');
      expect([stored.revision, stored.forced, stored.forceReason]).to.deep.equal([
        2,
        ['sample_ratio'],
        'one bot',
      ]);
      await succeed(folder, [
        'readout',
        'small',
        'users.csv',
        '--column',
        'savers=saves',
        '--covariate',
        'long=before',
      ]);
    });

    it('a readout of rows of arms has the metrics that are asked for alone, and says which a recommendation lacks', async () => {
      const args = ['readout', 'small', 'arms.csv', '--metric', 'long', '--metric', 'savers'];
      const [stored, text] = await succeed(
        folder,
        [...args, '--force', 'sample_ratio', '--json'],
        [...args, '--force', 'sample_ratio'],
      );
      expect(Object.keys((JSON.parse(stored!) as StoredReadout).readout.metrics)).to.deep.equal([
        'long',
        'savers',
      ]);
      expect(text).to.match(/^Metrics: long, savers\.$/m);
      expect(text).to.contain(
        'Warning: without clicks, which the objective or a guardrail is of: a recommendation needs it of some round.',
      );
    });

    it('an early look is answered with intervals that hold at every look', async () => {
      const args = ['readout', 'small', 'users.csv', '--column', 'savers=saves', '--end', '2025-03-10'];
      const [early, text] = await succeed(folder, args, ['analyse', 'small']);
      expect(early).to.contain('Warning (early_look): ends on 2025-03-10, before the planned 2025-03-17');
      expect(text!.replaceAll(/\s+/g, ' ')).to.match(
        /sequential, as \d+(\.\d+)? % of the plan is there: they hold at every look\./,
      );
      await succeed(folder, [
        'readout',
        'small',
        'users.csv',
        '--column',
        'savers=saves',
        '--covariate',
        'long=before',
      ]);
    });

    it('the analysis has lifts, verdicts and what log and rounds say, in lines of a terminal', async () => {
      const analysis = await parsed<AnalysedExperiment>('analyse', 'small');
      const text = formatAnalysis(analysis, online, 'pondera.db', WIDTH);
      expectWithin(text);
      expect((await succeed(folder, ['analyse', 'small']))[0]).to.equal(
        `${formatAnalysis(analysis, online, 'pondera.db')}\n`,
      );
      for (const { metric, arms } of analysis.own.metrics) {
        expect(arms.map(({ arm }) => arm)).to.deep.equal(first.arms.slice(1).map(({ name }) => name));
        expect(text).to.match(new RegExp(`^${metric} \\(`, 'm'));
      }
      expect(text).to.match(/^Guardrails, each arm by itself$/m);
      expect(text).to.match(/^By log and rounds together: lifts over the baseline in per cent/m);
      expect(text).to.match(/^savers +- +- +- +-\n +without the log/m);
      const narrower = await parsed<AnalysedExperiment>(
        'analyse',
        'small',
        '--alpha',
        '0.2',
        '--correction',
        'none',
      );
      const widths = [analysis, narrower].map(({ own }) => own.metrics[0]!.multiplier);
      expect(widths[1]).to.be.lessThan(widths[0]!);
    });

    it('the recommendation has reasons, numbers, and the command that follows', async () => {
      const step = await parsed<NextStep>('recommend', 'small', '--arms', '2', '--relevant', '0.0001');
      expect(step.action).to.be.oneOf(['run', 'ship', 'stop']);
      expect(step.evidence.map(({ arm }) => arm)).to.deep.equal(first.arms.slice(1).map(({ name }) => name));
      const text = formatRecommendation(step, { online, db: 'pondera.db' }, WIDTH);
      expectWithin(text);
      for (const { arm } of step.evidence) expect(text).to.match(new RegExp(`^${arm} +[+-]`, 'm'));
      if (step.action === 'run')
        expect(text).to.contain('Next: npx pondera arms small --arms 2 --db pondera.db');
    });

    it('once a round is read out the plan says what more arms gain', async () => {
      const [text] = await succeed(folder, ['plan', 'small', '--per-day', '1000', '--most', '3']);
      expect(text).to.match(/^arms +users an arm +long +clicks +savers +days needed +expected gain$/m);
      expect(text).to.match(
        /^The models, which learn of one arm from all others, expect the most of \d arms?/m,
      );
    });

    it('a round that is not run is ended, and the next may be planned', async () => {
      const before = ['arms', 'small', '--arms', '2', '--start', '2025-04-01'];
      const [planned, refused, ended] = await run(folder, [...before, '--export', 'json'], before, [
        'arms',
        'small',
        '--end',
        '2',
        '--reason',
        'the flag was wrong',
      ]);
      expect(refused!.stderr).to.equal(
        'pondera: pondera.db: experiment 2 was not read out: expected its readout, or its end (:end, or pondera arms --end), before another is planned\n',
      );
      expect(ended!.stdout).to.equal('round 2 of small is ended\n');
      expect(planned!.stderr).to.match(new RegExp(`^note: ${WITHOUT_LOG}$`, 'm'));
      const stored = await parsed<StoredExperiment>('arms', 'small', '--round', '2');
      expect(stored.provenance.notes).to.include(WITHOUT_LOG);
      const [text] = await succeed(folder, ['arms', 'small', '--round', '2']);
      expect(text).to.contain(`\nNote: ${WITHOUT_LOG}.\n`);
      expect([stored.state, (stored as { reason?: string }).reason]).to.deep.equal([
        'ended',
        'the flag was wrong',
      ]);
      // The study has two rounds, of which that one was not run.
      const step = await parsed<NextStep>('recommend', 'small', '--arms', '2', '--relevant', '0.0001');
      expect(step.roundsLeft).to.equal(1);
    });
  });

  it('take a study by its file: one without a log is stored, and what it says of experiments settled', async () => {
    folder.write('live.yaml', liveStudy(0.02));
    const args = ['plan', 'live.yaml', '--per-day', '1000', '--most', '1', '--db', 'live.db'];
    const [first] = await succeed(folder, args);
    expect(first).to.match(/^ctr +0\.100000 +0\.300000 +2\.00 % +the study$/m);
    folder.write('live.yaml', liveStudy(0.05));
    const [second, arms] = await succeed(folder, args, [
      'arms',
      'live',
      '--arms',
      '2',
      ...PLANNED,
      '--db',
      'live.db',
    ]);
    expect(second).to.match(/^ctr +0\.100000 +0\.300000 +5\.00 % +the study$/m);
    expect(arms).to.contain('live-1: round 1 of live, planned; 2025-03-03 to 2025-03-17, all traffic');
    expect(arms).to.contain('Note: no arm is promised by the log');
    expect(arms).to.not.contain('--log');
  });

  it('ask for what the schema has by default', () => {
    const window = { start: '2025-03-03', end: '2025-03-17' };
    const { arms, promised, coverage, controlShare, generator } = experimentRequestSchema.parse({ window });
    expect({ arms, promised, coverage, controlShare, generator }).to.deep.equal({
      arms: 8,
      promised: 2,
      coverage: 1,
      controlShare: 'equal',
      generator: 'noisy_expected_improvement',
    });
  });
});
