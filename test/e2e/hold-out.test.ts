import SqliteDatabase from 'better-sqlite3';
import { expect } from 'chai';
import { headSchema } from '../../src/domain/log.ts';
import { evaluate } from '../../src/evaluator/evaluate.ts';
import { createEvaluationScratch } from '../../src/evaluator/evaluation-scratch.ts';
import { readLog } from '../../src/evaluator/read-log.ts';
import { splitLog } from '../../src/evaluator/split-log.ts';
import { parseLogMetric } from '../../src/domain/metric.ts';
import { formatHoldOut } from '../../src/cli/format-hold-out.ts';
import type { SweepResult } from '../../src/service/sweep.ts';
import type { ParetoReport } from '../../src/service/sweep-report.ts';
import type { HoldoutReport } from '../../src/service/hold-out.ts';
import { printedBy, runPondera } from './run-pondera.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { parseSweep } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const ROWS = 1600;

const head = (name: string, column = name) => [
  name,
  headSchema.parse({ score: `s_${column}`, label: `y_${column}` }),
];

describe('a sweep with a hold-out', () => {
  let folder: TemporaryFolder;
  before(() => {
    folder = temporaryFolder();
    folder.write('study.yaml', smallStudy({ 'budget: 3': 'budget: 5\nholdout: { share: 0.4 }' }));
    folder.write('log.csv', smallLog(ROWS));
  });
  after(() => folder.remove());

  const sweep = (...args: readonly string[]): Promise<string> =>
    printedBy(['sweep', 'study.yaml', '--workers', '1', ...args], { cwd: folder.path });

  it('scores trials on one part, and the best and the baseline on the other', async () => {
    const printed = await sweep('--json');
    const { best, trials, log } = parseSweep(printed);
    const { holdout } = JSON.parse(printed) as { readonly holdout: HoldoutReport };
    const whole = await readLog({
      path: folder.file('log.csv'),
      request: 'r',
      nullScores: 'refuse',
      heads: Object.fromEntries([head('click'), head('long_click', 'long'), head('save')]),
    });
    const parts = splitLog(whole, { share: 0.4 }, 1);
    expect([log.rows, log.requests]).to.deep.equal([parts.tune.rows, parts.tune.requests]);
    expect([holdout.by, holdout.rows, holdout.requests]).to.deep.equal([
      'request',
      parts.holdout.rows,
      parts.holdout.requests,
    ]);
    const names = Object.keys(best.metrics);
    const metrics = names.map((name) => parseLogMetric(name, ['click', 'long_click', 'save']));
    const valuesOn = (part: keyof typeof parts & ('tune' | 'holdout'), number: number) => {
      const { weights } = trials[number]!;
      const ordering = {
        weights: Float64Array.of(weights!['click']!, weights!['long_click']!, weights!['save']!),
      };
      const given = parts[part];
      return evaluate(given, ordering, metrics as never, createEvaluationScratch(given));
    };
    const [tuned, held] = [valuesOn('tune', best.number), valuesOn('holdout', best.number)];
    const [tunedBaseline, heldBaseline] = [valuesOn('tune', 0), valuesOn('holdout', 0)];
    const [trial] = holdout.trials;
    expect(trial!.number).to.equal(best.number);
    for (const name of names) {
      const found = trial!.metrics[name]!;
      expect(found.tune.value).to.equal(tuned[name]);
      expect(found.holdout.value).to.equal(held[name]);
      expect(found.of).to.equal('relativeChange');
      const optimism = tuned[name]! / tunedBaseline[name]! - held[name]! / heldBaseline[name]!;
      expect(found.optimism, name).to.be.closeTo(optimism, 1e-12);
      const sem = Math.hypot(found.tune.relativeChangeSem!, found.holdout.relativeChangeSem!);
      expect(found.optimismSem).to.be.closeTo(sem, 1e-15);
    }
    for (const { guardrail, metric, slack, margin, met } of trial!.guardrails) {
      expect(slack).to.be.closeTo(held[metric]! - 0.9 * heldBaseline[metric]!, 1e-15);
      expect(met).to.equal(slack >= margin!.margin);
      expect(trial!.unmet.includes(guardrail)).to.equal(!met);
    }
    const { change, changeSem } = trial!.metrics['long_click.average_precision']!.holdout;
    expect(trial!.withinNoise.length).to.equal(change! <= 1.645 * changeSem! ? 1 : 0);
  });

  it('prints the optimism and goes on to the same bytes, and warns of a guardrail and a gain that do not hold', async () => {
    const few = temporaryFolder();
    try {
      few.write(
        'study.yaml',
        smallStudy({ 'budget: 3': 'budget: 6\nholdout: { share: 0.4 }', 'seed: 1': 'seed: 7' }),
      );
      few.write('log.csv', smallLog(300));
      const run = (...args: readonly string[]): Promise<string> =>
        printedBy(['sweep', 'study.yaml', '--workers', '1', ...args], { cwd: few.path });
      const printed = await run('--json');
      await run('--db', 'again.db', '--trials', '2');
      expect(await run('--db', 'again.db', '--json')).to.equal(printed);
      const [trial] = (JSON.parse(printed) as { readonly holdout: HoldoutReport }).holdout.trials;
      expect(trial!.unmet).to.deep.equal(['save.average_precision >= 0.9 * baseline']);
      expect(trial!.withinNoise).to.deep.equal(['long_click.average_precision']);
      const text = await run();
      expect(text).to.match(
        /^Hold-out by request: \d+ impressions in \d+ requests, which no trial was chosen by/m,
      );
      expect(text).to.match(/^trial \d +tuned +hold-out +optimism$/m);
      expect(text).to.match(
        /^Warning: on the hold-out trial \d no longer surely meets save\.average_precision >= 0\.9 \* baseline \(slack 0\.\d+, margin/m,
      );
      expect(text).to.match(
        /^Warning: on the hold-out the gain of trial \d in long_click\.average_precision is within noise, \+1\.\d\d % ± \d/m,
      );
    } finally {
      few.remove();
    }
  });

  it('warns of several objectives where a gain that was promised does not hold, and calls no loss a gain', async () => {
    const several = temporaryFolder();
    try {
      const objectives = ['long_click.average_precision', 'click.average_precision'];
      several.write(
        'study.yaml',
        smallStudy({
          'objective: maximize long_click.average_precision': `objectives: [${objectives.map((metric) => `maximize ${metric}`).join(', ')}]`,
          '  - click.average_precision >= 0.9 * baseline\n': '',
          'budget: 3': 'budget: 6\nholdout: { share: 0.4 }',
        }),
      );
      several.write('log.csv', smallLog(ROWS));
      const run = (...args: readonly string[]): Promise<string> =>
        printedBy(['sweep', 'study.yaml', '--workers', '1', ...args], { cwd: several.path });
      const { holdout } = JSON.parse(await run('--json')) as { readonly holdout: HoldoutReport };
      const losses = holdout.trials.flatMap(({ metrics, withinNoise }) => {
        const broken = objectives.filter((metric) => {
          const { tune, holdout: held } = metrics[metric]!;
          return tune.change! > 0 && held.change! <= 1.645 * held.changeSem!;
        });
        expect(withinNoise).to.deep.equal(broken);
        return objectives.filter((metric) => metrics[metric]!.tune.change! <= 0);
      });
      expect(losses.length).to.be.greaterThan(0);
      expect(await run()).to.not.match(/gain of trial .* is within noise, -/);

      const [trial] = holdout.trials;
      const [metric] = objectives as [string];
      const lost = trial!.metrics[metric]!;
      const report = { ...lost.holdout, change: -0.01, relativeChange: -0.1, relativeChangeSem: 0.02 };
      const metrics = { ...trial!.metrics, [metric]: { ...lost, holdout: report } };
      const told = formatHoldOut(
        {
          holdout: { ...holdout, trials: [{ ...trial!, metrics, withinNoise: [metric] }] },
        } as unknown as SweepResult,
        Infinity,
      );
      expect(told.at(-1)).to.equal(
        `Warning: on the hold-out trial ${trial!.number} gains nothing in ${metric}, -10.00 % ± 2.00 %.`,
      );
    } finally {
      several.remove();
    }
  });

  it('scores the nearest of several objectives where no trial is feasible', async () => {
    const several = temporaryFolder();
    try {
      several.write(
        'study.yaml',
        smallStudy({
          'objective: maximize long_click.average_precision':
            'objectives: [maximize long_click.average_precision, maximize click.average_precision]',
          '  - click.average_precision >= 0.9 * baseline\n': '',
          'save.average_precision >= 0.9 * baseline': 'save.average_precision >= 0.999',
          'budget: 3': 'budget: 3\nholdout: { share: 0.4 }',
        }),
      );
      several.write('log.csv', smallLog(ROWS));
      const printed = await printedBy(['sweep', 'study.yaml', '--workers', '1', '--json'], {
        cwd: several.path,
      });
      const { pareto, holdout } = JSON.parse(printed) as {
        readonly pareto: ParetoReport;
        readonly holdout: HoldoutReport;
      };
      expect(pareto.nearest).to.not.equal(null);
      expect(holdout.trials.map(({ number }) => number)).to.deep.equal([pareto.nearest!.number]);
    } finally {
      several.remove();
    }
  });

  it('takes the share from the command line, and refuses another for the same study', async () => {
    const { code, stderr } = await runPondera(['sweep', 'study.yaml', '--holdout', '0.5'], {
      cwd: folder.path,
    });
    expect(code).to.equal(2);
    expect(stderr).to.include('holdout.share was 0.4, is 0.5');
    const wrong = await runPondera(['sweep', 'study.yaml', '--holdout', '1'], { cwd: folder.path });
    expect([wrong.code, wrong.stdout]).to.deep.equal([2, '']);
    expect(wrong.stderr).to.include('Expected a share from 0.05 to 0.9.');
  });
});

describe('a sweep that was stored before guardrails had margins', () => {
  it('goes on without one, unless its file now says otherwise', async () => {
    const folder = temporaryFolder();
    try {
      folder.write('log.csv', smallLog());
      folder.write('study.yaml', smallStudy());
      const args = ['sweep', 'study.yaml', '--workers', '1'];
      await printedBy(args, { cwd: folder.path });
      const db = new SqliteDatabase(folder.file('pondera.db'));
      db.exec("update studies set definition = json_remove(definition, '$.guardrailMargin')");
      db.exec('update observations set sem = null, change_sem = null');
      db.close();
      const printed = await printedBy([...args, '--trials', '5', '--json'], { cwd: folder.path });
      const { best, counts } = parseSweep(printed);
      expect(counts.completed).to.equal(5);
      for (const { margin, slack, met } of best.guardrails) {
        expect(margin).to.equal(null);
        expect(met).to.equal(slack >= 0);
      }
      folder.write('study.yaml', smallStudy({ 'budget: 3': 'budget: 3\nguardrailMargin: 1' }));
      const { code, stderr } = await runPondera(args, { cwd: folder.path });
      expect(code).to.equal(2);
      expect(stderr).to.include('guardrailMargin was absent, is 1');
    } finally {
      folder.remove();
    }
  });
});
