import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { headSchema } from '../../src/domain/log.ts';
import { LogTooLargeError } from '../../src/evaluator/log/memory-budget.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import { type TemporaryLogs, temporaryLogs } from '../evaluator/temporary-log.ts';
import { smallStudy } from './small-study.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** What the rows of the log take in memory, three heads of them, is more. */
const ALLOWED_MB = 450;
const ROWS = 1_300_000;

const TELL_MEMORY = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))`;

const QUERY = `SELECT i // 10 AS r, ${['save', 'click', 'long']
  .map(
    (name, t) =>
      `hash(i * 3 + ${t}) / 2.0**64 * 0.5 AS s_${name}, CAST(hash(i * 5 + ${t}) / 2.0**64 < hash(i * 3 + ${t}) / 2.0**65 AS TINYINT) AS y_${name}`,
  )
  .join(', ')} FROM range(${ROWS}) t(i)`;

async function refusal(logs: TemporaryLogs, changes: Readonly<Record<string, string>>): Promise<string> {
  logs.write('study.yaml', smallStudy({ 'log.csv': 'log.parquet', ...changes }));
  const child = spawn(
    process.execPath,
    [MAIN, 'sweep', 'study.yaml', '--memory', `${ALLOWED_MB}MB`, '--workers', '2'],
    {
      cwd: logs.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  expect(await new Promise((resolve) => child.on('close', resolve))).to.equal(2);
  return stderr.trim().split('\n').at(-1)!;
}

function tooLarge(needed: string): string {
  return (
    `pondera: log.parquet: evaluating 1,300,000 impressions takes about ${needed} GB of memory, and 0.450 GB are allowed: ` +
    'expected a smaller log, such as a sample of its requests, or more memory (--memory)'
  );
}

describe('a log beyond memory', () => {
  const logs = temporaryLogs();
  after(() => logs.remove());

  it('is swept in the histogram form, within the memory that is allowed, and it is said', async function () {
    this.timeout(240_000);
    const path = await logs.writeParquet('log.parquet', QUERY);
    logs.write('study.yaml', smallStudy({ 'log.csv': 'log.parquet' }));
    const heads = Object.fromEntries(
      ['save', 'click', 'long'].map((name) => [
        name,
        headSchema.parse({ score: `s_${name}`, label: `y_${name}` }),
      ]),
    );
    const refused = await readLog({
      path,
      request: 'r',
      nullScores: 'refuse',
      heads,
      memoryBudget: ALLOWED_MB * 1e6,
    }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(LogTooLargeError);

    const options = ['--memory', `${ALLOWED_MB}MB`, '--workers', '2', '--json'];
    const child = spawn(
      process.execPath,
      ['--import', TELL_MEMORY, MAIN, 'sweep', 'study.yaml', ...options],
      { cwd: logs.folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_V8_COVERAGE: '' } },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include(
      'more than memory may hold; histogram form, 4,096 bins of utility: the log stays in its files',
    );
    const { log } = JSON.parse(stdout) as { readonly log: Record<string, unknown> };
    expect([log['form'], log['bins'], log['rows']]).to.deep.equal(['histogram', 4096, ROWS]);
    const peak = Number(/peak ([0-9]+)/.exec(stderr)![1]) * 1024;
    expect(peak).to.be.within(50e6, ALLOWED_MB * 1e6);
  });

  it('is refused where the study needs its rows, or says rows, and why is said', async () => {
    expect(await refusal(logs, { 'request: r }': 'request: r, form: rows }' })).to.equal(tooLarge('0.623'));
    expect(await refusal(logs, { 'budget: 3': 'budget: 3\nreport: [click.mrr]' })).to.equal(
      `${tooLarge('0.626')}; the histogram form, which takes less, is not for this study: report.0: click.mrr cannot be had from histograms of utility`,
    );
    expect(await refusal(logs, { 'label: y_click }': 'label: y_click, calibration: isotonic }' })).to.match(
      /not for this study: heads\.click\.calibration: is "isotonic", which is fitted to rows in memory$/,
    );
  });
});
