import { expect } from 'chai';
import type { TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { smallLog } from '../../e2e/small-study.ts';
import type { Printed } from '../command-lines.ts';
import { ONLINE_STUDY, PLANNED, run, succeed, sweptFolder, userRows } from './online-study.ts';

interface Refusal {
  readonly args: readonly string[];
  /** After `pondera: `, or all of what commander says. */
  readonly line: string;
}

const READOUT = ['readout', 'small', 'users.csv', '--column', 'savers=saves'];
const COLUMNS = 'its columns are user_id, arm, long, clicks, saves, before';
const ARMS = ['arms', 'small', ...PLANNED];
const hint = (command: string): string => `\n(pondera ${command} --help lists what there is)`;

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a study that is not there': {
    args: ['plan', 'nobody', '--per-day', '10'],
    line: 'pondera.db: no study is named "nobody": expected one of early, plain, small',
  },
  'a database that is not there': {
    args: ['recommend', 'small', '--db', 'none.db'],
    line: 'none.db: does not exist: expected a database of pondera',
  },
  'a study that says nothing of experiments': {
    args: ['recommend', 'plain'],
    line: 'pondera.db: study "plain" says nothing of experiments: expected online: {metrics, objective} in it',
  },
  'a study file that was not swept': {
    args: ['plan', 'other.yaml', '--per-day', '10'],
    line: 'pondera.db: study "other" is not stored: expected a sweep of it first (pondera sweep other.yaml)',
  },
  'a study file whose experiments are another thing now': {
    args: ['analyse', 'changed.yaml'],
    line: 'changed.yaml:25: online.objective: study "small" has experiments, whose arms were chosen for its online.objective: expected the same',
  },
  'a plan without traffic': {
    args: ['plan', 'small'],
    line: `error: required option '--per-day <n>' not specified${hint('plan')}`,
  },
  'no traffic': {
    args: ['plan', 'small', '--per-day', '0'],
    line: `error: option '--per-day <n>' argument '0' is invalid. Expected a number above 0, up to 100000000000.${hint('plan')}`,
  },
  'a spread of a metric that there is not': {
    args: ['plan', 'small', '--per-day', '10', '--mean', 'click=3'],
    line: "pondera.db: metrics.click: is no metric of the study's experiments: expected one of long, clicks, savers",
  },
  'a share in per cent': {
    args: ['plan', 'small', '--per-day', '10', '--mean', 'savers=57'],
    line: 'pondera.db: metrics.savers.mean: is 57: expected a share between 0 and 1, such as 0.02 for 2 %',
  },
  'a mean that is no number': {
    args: ['plan', 'small', '--per-day', '10', '--mean', 'clicks=many'],
    line: `error: option '--mean <metric=number>' argument 'clicks=many' is invalid. Expected METRIC=NUMBER, such as saves=0.02.${hint('plan')}`,
  },
  'an effect without a metric': {
    args: ['plan', 'small', '--per-day', '10', '--effect', '0.02'],
    line: `error: option '--effect <metric=share>' argument '0.02' is invalid. Expected METRIC=VALUE.${hint('plan')}`,
  },
  'a share that is none': {
    args: [...ARMS, '--control', '1.5'],
    line: `error: option '--control <share>' argument '1.5' is invalid. Expected equal, sharpest or a share between 0 and 1.${hint('arms')}`,
  },
  'a day that is none': {
    args: ['arms', 'small', '--start', 'tomorrow'],
    line: `error: option '--start <day>' argument 'tomorrow' is invalid. Expected a day such as 2026-03-01 or a moment such as 2026-03-01T09:30:00Z.${hint('arms')}`,
  },
  'a platform that there is not': {
    args: ['arms', 'small', '--round', '1', '--export', 'optimizely'],
    line: `error: option '--export <format>' argument 'optimizely' is invalid. Allowed choices are json, growthbook, unleash, launchdarkly, planout.${hint('arms')}`,
  },
  'half a user': {
    args: [...ARMS, '--units', '10.5'],
    line: '--units: 10.5 users: expected a whole number',
  },
  'weights that are none': {
    args: [...ARMS, '--add', 'save=a,click=0.5'],
    line: '--add: "save=a" is no weight: expected weights such as click=0.5,save=0.5, or NAME: before them',
  },
  'a weight that is there twice': {
    args: [...ARMS, '--add', 'save=0.5,save=0.5'],
    line: '--add: "save" has two weights: expected weights such as click=0.5,save=0.5, or NAME: before them',
  },
  'a file of arms that is not there': {
    args: [...ARMS, '--add', 'arms.yaml'],
    line: 'arms.yaml: no such file: expected arms, or weights such as click=0.5,save=0.5',
  },
  'a file of arms that are none': {
    args: [...ARMS, '--add', 'users.csv'],
    line: 'users.csv: is "user_id,arm,long,clicks,saves,before baseline-0,baseline,0,…: expected ARM: {WEIGHT: number, …} for each arm, or a list of {name, weights}',
  },
  'a round that is not there': {
    args: ['arms', 'small', '--round', '3'],
    line: 'pondera.db: study "small" has no experiment 3',
  },
  'a stored round that is planned anew': {
    args: ['arms', 'small', '--round', '1', '--arms', '3'],
    line: `error: option '--round <n>' cannot be used with option '--arms <k>'${hint('arms')}`,
  },
  'a stored round whose coverage is not for a flag': {
    args: ['arms', 'small', '--round', '1', '--coverage', '0.5'],
    line: `error: option '--round <n>' cannot be used with option '--coverage <share>' but for '--export <format>'${hint('arms')}`,
  },
  'a round that is ended and exported': {
    args: ['arms', 'small', '--end', '1', '--export', 'json'],
    line: `error: option '--end <n>' cannot be used with option '--export <format>'${hint('arms')}`,
  },
  'a readout before the first round': {
    args: ['readout', 'early', 'users.csv'],
    line: 'pondera.db: study "early" has no experiment: expected one (pondera arms early)',
  },
  'another log than that of the sweep': {
    args: ['arms', 'small', '--round', '1', '--log', 'longer.csv'],
    line: 'pondera.db: study "small" was swept on another log: expected the same bytes, with which its trials can be compared',
  },
  'a log that is not there': {
    args: ['arms', 'small', '--round', '1', '--log', 'none.csv'],
    line: 'none.csv: no such file: expected the log',
  },
  'an analysis before the readout': {
    args: ['analyse', 'small'],
    line: 'pondera.db: experiment 1 was not read out: expected its readout first',
  },
  'an analysis of no round': {
    args: ['analyse', 'small', '--round', '2'],
    line: 'pondera.db: study "small" has no round 2: expected one of 1',
  },
  'a readout that is not there': {
    args: ['readout', 'small', 'none.csv'],
    line: 'none.csv: no such file: expected the readout',
  },
  'a readout without a metric of the study': {
    args: ['readout', 'small', 'users.csv'],
    line: `users.csv: the readout has no column "savers" (metric savers); did you mean "saves"? I${COLUMNS.slice(1)}`,
  },
  'a column of a metric that there is not': {
    args: [...READOUT, '--column', 'saved=saves'],
    line: 'pondera.db: the study has no online metric "saved": expected one of long, clicks, savers',
  },
  'a metric with two columns': {
    args: [...READOUT, '--column', 'savers=long'],
    line: `error: option '--column <metric=column>' argument 'savers=long' is invalid. savers has a value already.${hint('readout')}`,
  },
  'rows of users without the column of the user': {
    args: [...READOUT, '--user', 'visitor'],
    line: `users.csv: the readout has no column "visitor" (user); ${COLUMNS}`,
  },
  'an arm of another round': {
    args: ['readout', 'small', 'other-arms.csv', '--column', 'savers=saves'],
    line: 'other-arms.csv:2: row 1: column "arm" (arm) is "r9-1": expected one of baseline, r1-1, r1-2',
  },
  'an arm by hand without a weight of the study': {
    args: ['arms', 'early', ...PLANNED, '--add', 'click=1'],
    line: '--add: handPicked.0.weights: lacks the weights save, long_click',
  },
  'a metric that rows of arms do not have': {
    args: ['readout', 'small', 'arms.csv', '--metric', 'clicks'],
    line: 'arms.csv: has no metric "clicks": expected one of long',
  },
  'a share of users in place of counts': {
    args: ['readout', 'small', 'shares.csv', '--column', 'savers=saves'],
    line: 'shares.csv:2: row 1: column "saves" (metric savers) is "0.5": expected 0, 1 or another count',
  },
  'a readout before its time': {
    args: [...READOUT, '--matures', '2999-01-01'],
    line: 'users.csv: was read on NOW: expected after 2999-01-01, when its engagement is complete (gate immature)',
  },
  'a readout that ends before it starts': {
    args: [...READOUT, '--end', '2025-03-01'],
    line: 'users.csv: window.end: is 2025-03-01: expected a moment after the start, 2025-03-03',
  },
  'a gate that there is not': {
    args: [...READOUT, '--force', 'everything'],
    line: `error: option '--force <gate...>' argument 'everything' is invalid. Allowed choices are missing_arms, sample_ratio, impossible_sem, mixed_units, moved_covariate, immature.${hint('readout')}`,
  },
  'a metric as its own covariate': {
    args: [...READOUT, '--covariate', 'long=long'],
    line: 'users.csv: the covariate long=long is the column of the metric itself: expected a column of the time before the experiment',
  },
  'a metric as its own covariate, by its column': {
    args: [...READOUT, '--covariate', 'savers=saves'],
    line: 'users.csv: the covariate savers=saves is the column of the metric itself: expected a column of the time before the experiment',
  },
  'another metric as the covariate': {
    args: [...READOUT, '--metric', 'long', '--covariate', 'long=clicks'],
    line: 'users.csv: the covariate long=clicks is the column of the metric clicks, of the experiment: expected a column of the time before the experiment',
  },
  'a covariate of a metric that is not read': {
    args: [...READOUT, '--metric', 'long', '--covariate', 'clicks=before'],
    line: 'users.csv: the covariate clicks=before is of a metric that is not read: expected one of long',
  },
  'a covariate that the experiment moved': {
    args: ['readout', 'small', 'moved.csv', '--column', 'savers=saves', '--covariate', 'long=before'],
    line: 'moved.csv: metrics.long.arms.r1-1: has a covariate with a mean of 3.9925, and baseline has 2.9925, p = 1.8e-12: expected p of at least 0.0005, as a covariate of the time before the experiment cannot be moved by it (gate moved_covariate)',
  },
  'a covariate that is the metric once more': {
    args: ['readout', 'small', 'copied.csv', '--column', 'savers=saves', '--covariate', 'clicks=before'],
    line: ['baseline', 'r1-1', 'r1-2']
      .map(
        (arm) =>
          `copied.csv: metrics.clicks.arms.${arm}: has a correlation of 1.000000 with its covariate, which leaves no error: expected at most 0.9999 in size, of a covariate of the time before the experiment (gate impossible_sem)`,
      )
      .join('\npondera: '),
  },
  'a covariate of rows of arms': {
    args: ['readout', 'small', 'arms.csv', '--covariate', 'long=before'],
    line: 'arms.csv: the covariate long=before is for rows of users: expected none with rows of arms',
  },
  'rows of users that are said to be adjusted': {
    args: [...READOUT, '--adjusted'],
    line: 'users.csv: adjusted is for rows of arms: expected it not to be said of rows of users, which a covariate adjusts',
  },
  'a reason that is none': {
    args: [...READOUT, '--force', 'sample_ratio', '--reason', ''],
    line: '--reason: is "": expected string to have >=1 characters',
  },
  'JSON that is none': {
    args: ['readout', 'small', 'broken.json'],
    line: 'broken.json: is not JSON: expected a readout',
  },
  'JSON that is no readout': {
    args: ['readout', 'small', 'empty.json'],
    line:
      'empty.json: window: is missing: expected a mapping\n' +
      'pondera: empty.json: units: is missing: expected a mapping\npondera: empty.json: metrics: is missing: expected a mapping',
  },
};

/** The rows with one more of `before`, their last column, in r1-1. */
function moved(rows: string): string {
  return rows.replaceAll(
    /^(.*,r1-1,.*,)(\d+)$/gm,
    (_, row: string, before: string) => `${row}${Number(before) + 1}`,
  );
}

describe('commands of experiments refuse, with one clear line and code 2,', function () {
  this.timeout(180_000);
  let folder: TemporaryFolder;
  const printed = new Map<string, Printed>();
  let atFirst: Readonly<Record<string, string>>;
  let atLast: Readonly<Record<string, string>>;

  before(async () => {
    folder = await sweptFolder();
    const [head, tail] = ONLINE_STUDY.split('online:');
    folder.write(
      'plain.yaml',
      `${head!.replace('name: small', 'name: plain')}${/budget[^]*/.exec(tail!)![0]}`,
    );
    folder.write('other.yaml', ONLINE_STUDY.replace('name: small', 'name: other'));
    folder.write(
      'changed.yaml',
      ONLINE_STUDY.replace('objective: maximize long\n', 'objective: maximize clicks\n'),
    );
    folder.write('early.yaml', ONLINE_STUDY.replace('name: small', 'name: early'));
    folder.write('longer.csv', smallLog(404));
    const users = userRows(['baseline', 'r1-1', 'r1-2']);
    folder.write('users.csv', users);
    folder.write('moved.csv', moved(users));
    folder.write(
      'copied.csv',
      users.replaceAll(/^([^\n]*,r?[^\n,]*,[^\n,]*,)(\d+),(\d+),\d+$/gm, '$1$2,$3,$2'),
    );
    folder.write('other-arms.csv', userRows(['r9-1', 'baseline']));
    folder.write('shares.csv', 'user_id,arm,long,clicks,saves\nu1,baseline,1,1,0.5\n');
    folder.write('arms.csv', 'arm,metric,mean,sem,n\nbaseline,long,1.2,0.06,1000\nr1-1,long,1.3,0.06,1000\n');
    folder.write('broken.json', '{]');
    folder.write('empty.json', '{}');
    await succeed(folder, ['sweep', 'plain.yaml'], ['sweep', 'early.yaml'], [...ARMS, '--arms', '2']);
    const contents = (): Readonly<Record<string, string>> => {
      const { 'pondera.db-wal': _wal, 'pondera.db-shm': _shm, ...files } = folder.contents();
      return files;
    };
    atFirst = contents();
    const all = await run(folder, ...Object.values(REFUSALS).map(({ args }) => args));
    Object.keys(REFUSALS).forEach((why, i) => printed.set(why, all[i]!));
    atLast = contents();
  });
  after(() => folder.remove());

  for (const [why, { line }] of Object.entries(REFUSALS)) {
    it(why, () => {
      const { code, stdout, stderr } = printed.get(why)!;
      const told = stderr.replace(/^reading .*\n/, '').replace(/read on \d{4}-[^ ]*Z:/, 'read on NOW:');
      expect(told).to.equal(`${line.startsWith('error: ') ? '' : 'pondera: '}${line}\n`);
      expect([code, stdout]).to.deep.equal([2, '']);
    });
  }

  it('and change nothing', () => {
    expect(atLast).to.deep.equal(atFirst);
  });
});
