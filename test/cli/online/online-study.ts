import { runCommandLines, type Printed } from '../command-lines.ts';
import { smallLog, smallStudy } from '../../e2e/small-study.ts';
import { type TemporaryFolder, temporaryFolder } from '../../e2e/temporary-folder.ts';

/** The small study with metrics of experiments; spreads of `long` and `savers` are known, those of `clicks` are not. */
export const ONLINE_STUDY = smallStudy({
  'budget: 3': `online:
  metrics:
    long: { kind: volume, offline: long_click.average_precision, relevantEffect: 0.05, mean: 1.2, stddev: 2 }
    clicks: { kind: volume, offline: click.average_precision }
    savers: { kind: propensity, mean: 0.2 }
  objective: maximize long
  guardrails:
    - clicks >= 0.9 * baseline
    - savers >= 0.9 * baseline
budget: 6`,
});

/** A day by day plan that is over whenever a test runs. */
export const PLANNED = ['--start', '2025-03-03', '--days', '14'];

/** A folder with a study that was swept, `small`, in `pondera.db`, and its log in `log.csv`. */
export async function sweptFolder(): Promise<TemporaryFolder> {
  const folder = temporaryFolder();
  folder.write('study.yaml', ONLINE_STUDY);
  folder.write('log.csv', smallLog());
  await succeed(folder, ['sweep', 'study.yaml']);
  return folder;
}

/** Runs commands one after another in the folder. */
export async function run(
  folder: TemporaryFolder,
  ...lines: readonly (readonly string[])[]
): Promise<readonly Printed[]> {
  return runCommandLines(lines.map((args) => ({ args, cwd: folder.path })));
}

/** The same, each of which must end with 0; what they print. */
export async function succeed(
  folder: TemporaryFolder,
  ...lines: readonly (readonly string[])[]
): Promise<readonly string[]> {
  const printed = await run(folder, ...lines);
  printed.forEach(({ code, stderr }, i) => {
    if (code !== 0) throw new Error(`pondera ${lines[i]!.join(' ')} ended with ${code}: ${stderr}`);
  });
  return printed.map(({ stdout }) => stdout);
}

/** Users in rows, `perArm` of each arm: counts that grow with the place of the arm, and those of before. */
export function userRows(arms: readonly string[], perArm = 400): string {
  const rows = arms.flatMap((arm, a) =>
    Array.from({ length: perArm }, (_, i) => {
      const before = i % 7;
      const long = (i % 5) + (i % 20 < 2 * a ? 1 : 0);
      return `${arm}-${i},${arm},${long},${(i % 9) + 1},${i % 5 === 0 ? 1 + (i % 2) : 0},${before}`;
    }),
  );
  return `user_id,arm,long,clicks,saves,before\n${rows.join('\n')}\n`;
}

/** One row an arm and metric, of arms alike. */
export function armRows(arms: readonly string[], n = 1000): string {
  const rows = arms.flatMap((arm, a) => [
    `${arm},long,${1.2 + a / 100},0.06,${n}`,
    `${arm},clicks,${4.5 + a / 100},0.09,${n}`,
    `${arm},savers,0.2,0.01265,${n}`,
  ]);
  return `arm,metric,mean,sem,n\n${rows.join('\n')}\n`;
}
