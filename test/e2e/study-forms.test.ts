import { formatError, formatShortly } from '../../src/cli/format-errors.ts';
import { formatNumber } from '../../src/cli/format-number.ts';
import { expect } from 'chai';
import { type Printed, runCommandLines } from '../cli/command-lines.ts';
import { smallLog, smallStudy } from './small-study.ts';
import { parseSweep, type PrintedSweep, printedSum, printedUnits, printedWeights } from './sweep-report.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

const BASELINE = 'weights: { save: 0.2, click: 0.4, long_click: 0.4 }';
const FIRST_GUARDRAIL = 'save.average_precision >= 0.9 * baseline';

const SECOND_GUARDRAIL = '  - click.average_precision >= 0.9 * baseline\n';
const FORMS = [
  'save.average_precision >= 0.8 * baseline',
  'save.average_precision <= 1.5 * baseline',
  'save.roc_auc >= baseline - 0.1',
  'click.roc_auc <= baseline + 0.1',
  'click.average_precision >= 0.1',
  'long_click.ndcg@3 >= baseline',
];

const SEVERAL = {
  'objective: maximize long_click.average_precision':
    'objectives:\n  - maximize long_click.average_precision\n  - maximize click.average_precision',
  [SECOND_GUARDRAIL]: '',
};

/** The studies of this file; all are swept in one process. */
const STUDIES = {
  forms: smallStudy({ [FIRST_GUARDRAIL]: FORMS.join('\n  - '), [SECOND_GUARDRAIL]: '' }),
  infeasible: smallStudy({
    [FIRST_GUARDRAIL]: 'save.average_precision >= 0.999',
    [SECOND_GUARDRAIL]: '',
  }),
  'score column, equality': smallStudy({
    [BASELINE]: 'scoreColumn: score',
    'click <= 2 * long_click': 'save + click == 0.5',
  }),
  'given metrics, sum 0.3': smallStudy({
    [BASELINE]:
      'metrics: { save.average_precision: 0.2, click.average_precision: 0.3, long_click.average_precision: 0.25 }',
    'sum: 1': 'sum: 0.3',
  }),
  'negative head': smallStudy({
    'label: y_save }': 'label: y_save, sign: -1 }',
    [FIRST_GUARDRAIL]: 'save.average_precision <= 1.05 * baseline',
  }),
  'minimised, fixed weight, dropped rows': smallStudy({
    'maximize long_click': 'minimize long_click',
    [`  - ${FIRST_GUARDRAIL}\n`]: '',
    '  save: [0, 1]': '  save: [0.2, 0.2]',
    'request: r ': 'request: r, nullScores: drop ',
    'log.csv': 'holes.csv',
  }),
  'neither baseline nor sum': smallStudy({
    [`baseline:\n  ${BASELINE}\n`]: '',
    'sum: 1\n': '',
    [FIRST_GUARDRAIL]: 'save.average_precision >= 0.1',
    [SECOND_GUARDRAIL]: '',
  }),
  'weights and segments': smallStudy({
    'log.csv, request: r ': 'segments.csv, request: r, weight: w, segment: g ',
    'maximize long_click.average_precision': 'maximize long_click.ndcg@3{empty=zero}[segment=new]',
    [FIRST_GUARDRAIL]: 'save.map@3[segment=old] >= 0.5 * baseline',
    [SECOND_GUARDRAIL]: '  - click.grouped_auc{weights=one} >= baseline - 0.2\n',
    'seed: 1': 'seed: 1\nreport: [click.hit@1, save.ece, "click.expected_engagement@2{examination=log2}"]',
  }),
  'several objectives': smallStudy(SEVERAL),
  'several objectives, infeasible': smallStudy({
    ...SEVERAL,
    [FIRST_GUARDRAIL]: 'save.average_precision >= 0.999',
  }),
};
type StudyName = keyof typeof STUDIES;

/** Weights 1 and 2, and every third request of segment new. */
function withSegments(log: string): string {
  const [header, ...rows] = log.trimEnd().split('\n');
  const wider = rows.map((row) => {
    const request = Number(row.split(',')[0]);
    return `${row},${1 + (request % 2)},${request % 3 === 0 ? 'new' : 'old'}`;
  });
  return `${[`${header},w,g`, ...wider].join('\n')}\n`;
}

const TRIALS = 7;
const OBJECTIVE = 'long_click.average_precision';

describe('a sweep', () => {
  let folder: TemporaryFolder;
  const printed = new Map<string, Printed>();
  const text = new Map<string, string>();

  before(async () => {
    folder = temporaryFolder();
    folder.write('log.csv', smallLog());
    folder.write('holes.csv', smallLog().replace(/\n0,0\.\d+/, '\n0,'));
    folder.write('segments.csv', withSegments(smallLog()));
    const names = Object.keys(STUDIES);
    const commandLine = (name: string, ...more: readonly string[]) => {
      folder.write(`${name}.yaml`, STUDIES[name as StudyName]);
      const options = ['--db', `${name}.db`, '--workers', '1', '--trials', String(TRIALS)];
      return { args: ['sweep', `${name}.yaml`, ...options, ...more], cwd: folder.path };
    };
    const texts = [
      'infeasible',
      'neither baseline nor sum',
      'weights and segments',
      'several objectives',
      'several objectives, infeasible',
    ];
    const outcomes = await runCommandLines([
      ...names.map((name) => commandLine(name, '--json')),
      ...texts.map((name) => commandLine(name)),
    ]);
    for (const [i, name] of names.entries()) printed.set(name, outcomes[i]!);
    for (const [i, name] of texts.entries()) text.set(name, outcomes[names.length + i]!.stdout);
  });
  after(() => folder.remove());

  const sweepOf = (name: StudyName): PrintedSweep => {
    const { code, stdout, stderr } = printed.get(name)!;
    expect(code, stderr).to.equal(0);
    return parseSweep(stdout);
  };

  for (const name of Object.keys(STUDIES) as StudyName[]) {
    it(`does all trials of the study "${name}", within its ranges`, () => {
      const { trials, counts } = sweepOf(name);
      expect(counts.completed).to.equal(TRIALS);
      for (const { weights } of trials) {
        for (const weight of Object.values(weights ?? {})) expect(weight).to.be.within(0, 1);
      }
    });
  }

  it('answers infeasible guardrails with the least-violating trial and by how much', () => {
    const { best, trials, counts } = sweepOf('infeasible');
    const values = trials.map(({ metrics }) => metrics['save.average_precision']!);
    expect(counts.feasible).to.equal(0);
    expect(best.feasible).to.equal(false);
    expect(values[best.number]).to.equal(Math.max(...values));
    const [violated] = best.guardrails;
    expect(violated).to.include({ guardrail: 'save.average_precision >= 0.999', bound: 0.999, met: false });
    expect(violated!.slack).to.equal(values[best.number]! - 0.999);
    expect(text.get('infeasible')).to.include(
      `No trial meets every guardrail. The nearest is trial ${best.number}.`,
    );
    expect(text.get('infeasible')).to.match(
      /\n {2}save\.average_precision >= 0\.999: 0\.\d+ is 0\.\d+ \(\d+\.\d\d %\) short of 0\.999000, margin 0\.\d+\n/,
    );
  });

  it('prints the trade-offs of several objectives, the baseline and the weights beside them', () => {
    const { best, pareto, trials } = sweepOf('several objectives');
    const save = 'save.average_precision';
    const bound = 0.9 * trials[0]!.metrics[save]!;
    // Var(m − c·b) from the errors of the JSON: of m, of b and of their difference.
    const marginOf = ({ errors }: (typeof trials)[number]): number => {
      const [value, unit] = [errors[save]!.sem! ** 2, trials[0]!.errors[save]!.sem! ** 2];
      const covariance = (value + unit - errors[save]!.changeSem! ** 2) / 2;
      return 1.645 * Math.sqrt(Math.max(0, value - 2 * 0.9 * covariance + 0.81 * unit));
    };
    const outcome = ({ metrics }: (typeof trials)[number]): readonly [number, number] => [
      metrics['long_click.average_precision']!,
      metrics['click.average_precision']!,
    ];
    const feasible = trials.filter((trial) => trial.metrics[save]! - bound >= marginOf(trial));
    const front = feasible.filter((trial) => {
      const [a, b] = outcome(trial);
      return !feasible.some((other) => {
        const [c, d] = outcome(other);
        return c >= a && d >= b && (c > a || d > b);
      });
    });
    expect(best).to.equal(null);
    expect(new Set(pareto!.trials.map(({ number }) => number))).to.deep.equal(
      new Set(front.map(({ number }) => number)),
    );
    const shown = text.get('several objectives')!;
    expect(shown).to.match(
      /^Pareto set: \d+ trials?, hypervolume \S+ from the reference point long_click\.average_precision \S+, click\./m,
    );
    expect(shown).to.match(
      /^trial +maximize long_click\.average_precision +maximize click\.average_precision +save\.average_precision$/m,
    );
    expect(shown).to.match(/^baseline +0\.\d+ +0\.\d+ +0\.\d+$/m);
    expect(shown).to.include('Met by all of them: save.average_precision >= 0.9 * baseline = 0.');
    expect(shown).to.include('Guardrails are met with a margin of 1.645 standard errors of their slack.');
    for (const { number } of pareto!.trials) {
      const trial = trials[number]!;
      const rows = shown
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/))
        .filter(([first]) => first === String(number));
      const [values, changes, slacks] = rows as [string[], string[], string[]];
      for (const [k, metric] of [OBJECTIVE, 'click.average_precision', save].entries()) {
        const value = trial.metrics[metric]!;
        const change = value / trials[0]!.metrics[metric]! - 1;
        expect(values[k + 1]).to.equal(`${formatNumber(value)} ± ${formatError(trial.errors[metric]!.sem!)}`);
        expect(changes[k + 1]).to.match(/^[+-]\d+\.\d\d % ± \d+\.\d\d %$/);
        expect(parseFloat(changes[k + 1]!)).to.be.closeTo(100 * change, 0.005 + 1e-9);
        expect(changes[k + 1]!.endsWith('± 0.00 %')).to.equal(trial.errors[metric]!.changeSem === 0);
      }
      expect(slacks[1]).to.equal(
        `slack ${formatShortly(trial.metrics[save]! - bound)}, margin ${formatShortly(marginOf(trial))}`,
      );
    }
    for (const { number, weights } of pareto!.trials) {
      const row = new RegExp(`^${number} +${Object.values(weights).join(' +').replaceAll('.', '\\.')}$`, 'm');
      expect(shown).to.match(row);
    }
  });

  it('answers infeasible guardrails with the nearest trial where there are several objectives, too', () => {
    const { pareto } = sweepOf('several objectives, infeasible');
    expect(pareto).to.deep.include({ trials: [], hypervolume: 0 });
    const { number, feasible } = pareto!.nearest!;
    expect(feasible).to.equal(false);
    const shown = text.get('several objectives, infeasible');
    expect(shown).to.include(`No trial meets every guardrail. The nearest is trial ${number}.`);
    expect(shown).to.include(`Trial ${number} violates`);
  });

  it('takes the logged score of the last production model as the baseline', () => {
    const { trials, best } = sweepOf('score column, equality');
    expect(trials[0]).to.include({ number: 0, weights: null, generator: 'baseline' });
    expect(trials[0]!.metrics['save.average_precision']).to.be.within(0, 1);
    expect(best.guardrails[0]!.bound).to.equal(0.9 * trials[0]!.metrics['save.average_precision']!);
  });

  it('takes given metric values as the baseline', () => {
    const { trials, best } = sweepOf('given metrics, sum 0.3');
    expect(trials[0]).to.deep.include({
      weights: null,
      metrics: {
        'save.average_precision': 0.2,
        'click.average_precision': 0.3,
        'long_click.average_precision': 0.25,
      },
    });
    expect(best.guardrails.map(({ bound }) => bound)).to.deep.equal([0.9 * 0.2, 0.9 * 0.3]);
    expect(best.metrics[OBJECTIVE]!.baseline).to.equal(0.25);
  });

  it('judges a guardrail of each form by its bound', () => {
    const { trials, best } = sweepOf('forms');
    const at = (metric: string): number => trials[0]!.metrics[metric]!;
    expect(best.feasible).to.equal(true);
    expect(best.guardrails.map(({ guardrail }) => guardrail)).to.deep.equal(FORMS);
    expect(best.guardrails.map(({ bound }) => bound)).to.deep.equal([
      0.8 * at('save.average_precision'),
      1.5 * at('save.average_precision'),
      at('save.roc_auc') - 0.1,
      at('click.roc_auc') + 0.1,
      0.1,
      at('long_click.ndcg@3'),
    ]);
    for (const { guardrail, bound, value, slack, met } of best.guardrails) {
      expect(value).to.equal(trials[best.number]!.metrics[guardrail.split(' ')[0]!]);
      expect(slack).to.equal(guardrail.includes('>=') ? value - bound : bound - value);
      expect(met).to.equal(slack >= 0);
    }
  });

  it('subtracts a head of sign -1, so that its metric is better when it is lower', () => {
    const { best, trials } = sweepOf('negative head');
    expect(best.metrics['save.average_precision']!.direction).to.equal('minimize');
    const positive = sweepOf('forms').trials[0]!.metrics['save.average_precision']!;
    expect(trials[0]!.metrics['save.average_precision']).to.be.lessThan(positive);
  });

  it('minimises where the study says so', () => {
    const { best, trials } = sweepOf('minimised, fixed weight, dropped rows');
    const { bound } = best.guardrails[0]!;
    const feasible = trials.filter(({ metrics }) => metrics['click.average_precision']! >= bound);
    const values = feasible.map(({ metrics }) => metrics['long_click.average_precision']!);
    expect(best.metrics[OBJECTIVE]!.value).to.equal(Math.min(...values));
  });

  it('keeps an equality between weights, and the sum, to the last digit printed', () => {
    const all = printedWeights(sweepOf('score column, equality'));
    expect(all.length).to.equal(TRIALS);
    for (const weights of all) {
      expect(printedSum([weights['save']!, weights['click']!])).to.equal(printedUnits(0.5));
      expect(printedSum(Object.values(weights))).to.equal(printedUnits(1));
    }
  });

  it('keeps a sum that no double holds exactly', () => {
    for (const weights of printedWeights(sweepOf('given metrics, sum 0.3'))) {
      expect(printedSum(Object.values(weights))).to.equal(printedUnits(0.3));
    }
  });

  it('leaves a weight that its range fixes where it is', () => {
    for (const weights of printedWeights(sweepOf('minimised, fixed weight, dropped rows')))
      expect(weights['save']).to.equal(0.2);
  });

  it('shows no baseline where the study has none', () => {
    const { trials, best } = sweepOf('neither baseline nor sum');
    expect(trials[0]!.number).to.equal(1);
    expect(best.metrics[OBJECTIVE]!.baseline).to.equal(null);
    expect(text.get('neither baseline nor sum')).to.match(
      /^long_click\.average_precision +- +0\.\d+ ± 0\.\d+ +- +objective/m,
    );
  });

  it('steers by metrics of segments with options in their names, and tells the requests without a positive', () => {
    const { best, log } = sweepOf('weights and segments');
    expect(Object.keys(best.metrics)).to.have.members([
      'long_click.ndcg@3{empty=zero}[segment=new]',
      'save.map@3[segment=old]',
      'click.grouped_auc{weights=one}',
      'click.hit@1',
      'save.ece',
      'click.expected_engagement@2{examination=log2}',
    ]);
    expect(best.guardrails.map(({ guardrail }) => guardrail)).to.deep.equal([
      'save.map@3[segment=old] >= 0.5 * baseline',
      'click.grouped_auc{weights=one} >= baseline - 0.2',
    ]);
    const ndcg = log.metrics['long_click.ndcg@3{empty=zero}[segment=new]']!;
    const map = log.metrics['save.map@3[segment=old]']!;
    expect([ndcg.rows, ndcg.requests, map.rows, map.requests]).to.deep.equal([136, 34, 264, 66]);
    const hit = log.metrics['click.hit@1']!;
    expect(text.get('weights and segments')).to.match(/^save\.ece +0\.\d+ +0\.\d+ +\+0\.00 %/m);
    expect(text.get('weights and segments')).to.include('save.ece: without a standard error.');
    expect(text.get('weights and segments')).to.include(
      'Requests without a positive: ' +
        `long_click.ndcg@3{empty=zero}[segment=new] ${ndcg.requestsWithoutPositive} of 34, counted as 0; ` +
        `save.map@3[segment=old] ${map.requestsWithoutPositive} of 66, skipped; ` +
        `click.hit@1 ${hit.requestsWithoutPositive} of 100, skipped.\n`,
    );
  });

  it('leaves out impressions without a score where the study says so, and counts them', () => {
    expect(sweepOf('minimised, fixed weight, dropped rows').log).to.include({ rows: 399, droppedRows: 1 });
  });
});
