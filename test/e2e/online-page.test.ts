import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { HEADS } from '../../bench/online/world/heads.ts';
import { excerptOf, prepareFolder, runStep, type Step, stepsOf } from '../../examples/online/page.ts';
import { surface } from '../../examples/online/surface.ts';
import { trueSavers } from '../../examples/online/true-savers.ts';
import { printedBy } from './run-pondera.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const page = readFileSync(`${ROOT}docs/online.md`, 'utf8');
const steps = stepsOf(page);

/** Weights in the order of the simulator. */
function vector(of: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(HEADS, (head) => of[head]!);
}

/** True lifts over the baseline of what experiments count, by head; of saves, of users with at least one. */
function changes(of: Readonly<Record<string, number>>): Record<string, number> {
  const world = surface();
  const [baseline, weights] = [{ click: 0.22, save: 0.46, long_click: 0.23, hide: 0.09 }, of].map(vector);
  const before = world.truth(baseline!);
  const lifts = Array.from(world.truth(weights!), (value, t) => [HEADS[t]!, value / before[t]! - 1] as const);
  const savers = trueSavers(world, weights!) / trueSavers(world, baseline!) - 1;
  return { ...Object.fromEntries(lifts), savers };
}

/** A row of the README's table. */
function shown(changes: Readonly<Record<string, number>>): readonly string[] {
  return ['long_click', 'click', 'savers', 'hide'].map((head) => percent(changes[head]!));
}

/** As the page and its README say it. */
function percent(change: number): string {
  return `${change < 0 ? '-' : '+'}${Math.abs(100 * change).toFixed(1)} %`;
}

describe('docs/online.md', function () {
  this.timeout(300_000);
  let folder: TemporaryFolder;
  const outputs = new Map<Step, string>();
  before(() => {
    folder = temporaryFolder();
    prepareFolder(folder.path, ROOT);
    for (const step of steps) outputs.set(step, runStep(step, folder.path));
  });
  after(() => folder.remove());

  it('has a command for every step from a log to a shipped arm', () => {
    const commands = steps.map(
      ({ command }) => /^npx pondera (\w+)|experiment\.js/.exec(command)?.[1] ?? 'experiment',
    );
    expect(commands.join(' ')).to.equal(
      'sweep plan arms arms experiment readout analyse recommend plan arms arms experiment readout analyse recommend',
    );
    const blocks = page.match(/^```sh$/gm);
    expect(steps).to.have.length(blocks!.length);
  });

  steps.forEach((step, i) => {
    if (step.paragraphs === undefined) return;
    it(`shows what command ${i + 1} prints: ${step.command.slice(0, 60)}`, () => {
      expect(excerptOf(outputs.get(step)!, step.paragraphs!)).to.equal(step.shown);
    });
  });

  it('shows the online section of the study that it runs', () => {
    const [, section] = /```yaml\n([^`]*)```/.exec(page)!;
    const study = parse(readFileSync(`${ROOT}examples/online/study.yaml`, 'utf8')) as { online: unknown };
    expect(parse(section!)).to.deep.equal({ online: study.online });
  });

  it('ships what truly gains and keeps the guardrails, by the truth that its README tells', async () => {
    const args = ['recommend', 'related', '--db', 'related.db', '--json'];
    const { arm, weights } = JSON.parse(await printedBy(args, { cwd: folder.path })) as {
      arm: string;
      weights: Record<string, number>;
    };
    const shipped = changes(weights);
    expect(shipped['long_click']).to.be.greaterThan(0.02);
    expect(shipped['click']).to.be.at.least(-0.03);
    expect(shipped['savers']).to.be.at.least(-0.03);
    expect(shipped['hide']).to.be.at.most(0.05);
    const readme = readFileSync(`${ROOT}examples/online/README.md`, 'utf8');
    const row = (name: string): readonly string[] =>
      readme
        .split('\n')
        .find((line) => line.startsWith(`| ${name}`))!
        .split('|')
        .slice(2, 6)
        .map((cell) => cell.trim());
    expect(row(`${arm},`)).to.deep.equal(shown(shipped));
    const sweep = /^click +\S+ +(\S+)\nsave +\S+ +(\S+)\nlong_click +\S+ +(\S+)\nhide +\S+ +(\S+)$/m.exec(
      page,
    )!;
    const [click, save, long, hide] = sweep.slice(1).map(Number) as [number, number, number, number];
    expect(row("the log's best")).to.deep.equal(shown(changes({ click, save, long_click: long, hide })));
  });

  it('reads out what is true of every arm, within 4.5 standard errors', async () => {
    const heads = { long_clicks: 'long_click', clicks: 'click', savers: 'savers', hides: 'hide' } as const;
    for (const round of ['1', '2']) {
      const args = ['analyse', 'related', '--round', round, '--db', 'related.db', '--json'];
      const { experiment, own } = JSON.parse(await printedBy(args, { cwd: folder.path })) as {
        experiment: { arms: readonly { name: string; weights: Record<string, number> }[] };
        own: {
          metrics: readonly {
            metric: keyof typeof heads;
            arms: readonly { arm: string; lift: number; standardError: number }[];
          }[];
        };
      };
      const truths = new Map(experiment.arms.map(({ name, weights }) => [name, changes(weights)]));
      for (const { metric, arms } of own.metrics) {
        for (const { arm, lift, standardError } of arms) {
          const truth = truths.get(arm)![heads[metric]]!;
          expect(Math.abs(lift - truth), `${metric} of ${arm}`).to.be.below(4.5 * standardError);
        }
      }
    }
  });
});
