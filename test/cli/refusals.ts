import { backupRefusals, datasetRefusals, keyRefusals } from './operation-refusals.ts';
import type { Refusal } from './refusal.ts';
import { shownLog, smallLog, smallStudy } from '../e2e/small-study.ts';

export type { Refusal };

const SWEEP = ['sweep', 'study.yaml'];
const BASELINE = 'weights: { save: 0.2, click: 0.4, long_click: 0.4 }';
const LOG_LINE = 'log: { path: log.csv, request: r }\n';
const SAVE_GUARDRAIL = 'save.average_precision >= 0.9 * baseline';

function inStudy(why: string, replacements: Readonly<Record<string, string>>, line: string): Refusal {
  return studyText(why, smallStudy(replacements), line);
}

function studyText(why: string, study: string, line: string): Refusal {
  const files = { 'study.yaml': study, 'log.csv': smallLog() };
  return { why, files, args: SWEEP, stderr: `pondera: ${line}` };
}

function inLog(
  why: string,
  log: string,
  line: string,
  replacements: Readonly<Record<string, string>> = {},
): Refusal {
  const files = { 'study.yaml': smallStudy(replacements), 'log.csv': log };
  return { why, files, args: SWEEP, stderr: `pondera: ${line}` };
}

function inArguments(why: string, args: readonly string[], stderr: string): Refusal {
  return { why, files: { 'study.yaml': smallStudy(), 'log.csv': smallLog() }, args, stderr };
}

/** The small log with other values in a column, of one line (counted from 1) or of all. */
function logWith(column: string, value: string, line?: number): string {
  const [header, ...rows] = smallLog().trimEnd().split('\n');
  const at = header!.split(',').indexOf(column);
  const changed = rows.map((row, i) =>
    line === undefined || i + 2 === line ? row.split(',').with(at, value).join(',') : row,
  );
  return `${[header, ...changed].join('\n')}\n`;
}

const STUDY_KEYS =
  'name, weights, sum, constraints, derived, objective, objectives, referencePoint, guardrails, guardrailMargin, ' +
  'holdout, confidence, baseline, heads, log, metrics, report, online, budget, initialTrials, seed, step';
const METRIC_FORMS =
  'average_precision, pr_auc_trapezoid, roc_auc, grouped_auc, ndcg@K, dcg@K, map, mrr, precision@K, recall@K, hit@K, ' +
  'engagement@K, expected_engagement@K, ips.engagement@K, ips.dcg@K, ips.ess@K, snips.engagement@K, snips.dcg@K, ' +
  'snips.ess@K, log_loss, brier, ece';
const COLUMNS = 'its columns are r, s_save, s_click, s_long, score, y_save, y_click, y_long';
const HINT = '\n(pondera sweep --help lists what there is)';

const keys: readonly Refusal[] = [
  inStudy(
    'an unknown key',
    { 'seed: 1': 'seeds: 1' },
    `study.yaml:21: seeds: unknown key "seeds" (did you mean seed?): expected one of ${STUDY_KEYS}`,
  ),
  inStudy(
    'an unknown key of a head',
    { 'label: y_save': 'label: y_save, beta: 0.1' },
    'study.yaml:4: heads.save.beta: unknown key "beta": expected one of score, label, maxGrade, negativeKeepRate, calibration, sign',
  ),
  inStudy(
    'an unknown calibration',
    { 'label: y_save': 'label: y_save, calibration: platt' },
    'study.yaml:4: heads.save.calibration: is "platt": expected none, beta or isotonic',
  ),
  inStudy(
    'a calibration of downsampling without its rate',
    { 'label: y_save': 'label: y_save, calibration: beta' },
    'study.yaml:4: heads.save.calibration: is "beta", which undoes a downsampling of negatives: expected negativeKeepRate, below 1',
  ),
  inStudy(
    'a rate of downsampling beside a calibration that takes none',
    { 'label: y_save': 'label: y_save, calibration: isotonic, negativeKeepRate: 0.1' },
    'study.yaml:4: heads.save.calibration: is "isotonic", which takes no negativeKeepRate: expected beta, or no negativeKeepRate',
  ),
  inStudy(
    'an unknown key of the log',
    { 'request: r ': 'request: r, format: csv ' },
    'study.yaml:2: log.format: unknown key "format" (did you mean form?): expected one of path, dataset, request, weight, segment, examination, user, timestamp, position, displayPropensity, examinationCurve, form, bins, nullScores',
  ),
  inStudy(
    'a baseline of an unknown kind',
    { [BASELINE]: 'weight: { save: 1 }' },
    'study.yaml:18: baseline: is {"weight":{"save":1}}: expected one of weights: {NAME: number, …}, scoreColumn: COLUMN or ' +
      'metrics: {METRIC: number, …}',
  ),
  inStudy(
    'a key that is missing',
    { 'objective: maximize long_click.average_precision\n': '' },
    'study.yaml: objective: is missing: expected objective: maximize METRIC, or objectives: a list of 2 to 4 such',
  ),
  inStudy(
    'a key that is misspelt, before the one that is missing for it',
    { 'label: y_save }': 'lable: y_save }' },
    'study.yaml:4: heads.save.lable: unknown key "lable" (did you mean label?): expected one of score, label, maxGrade, negativeKeepRate, calibration, sign\n' +
      'pondera: study.yaml:4: heads.save.label: is missing: expected text',
  ),
  inStudy(
    'several mistakes, each with its line',
    { 'sum: 1': 'sum: one\ntotal: 1\nprice: 2', 'seed: 1': 'seed: -1' },
    `study.yaml:12: total: unknown key "total": expected one of ${STUDY_KEYS}\n` +
      `pondera: study.yaml:13: price: unknown key "price": expected one of ${STUDY_KEYS}\n` +
      'pondera: study.yaml:11: sum: is "one": expected a number\n' +
      'pondera: study.yaml:23: seed: is -1: expected a number >= 0',
  ),
  inStudy(
    'eleven mistakes, of which ten are told',
    { 'seed: 1': Array.from({ length: 11 }, (_, i) => `k${i}: 1`).join('\n') },
    Array.from({ length: 10 }, (_, i) => {
      const line = `study.yaml:${21 + i}: k${i}: unknown key "k${i}": expected one of ${STUDY_KEYS}`;
      return i === 0 ? line : `pondera: ${line}`;
    }).join('\n') + '\npondera: and 1 more',
  ),
  inStudy(
    'a name that cannot be an identifier',
    { 'name: small': 'name: Small One' },
    'study.yaml:1: name: is "Small One": expected lower-case letters, digits, - and _ (for example newsfeed-2026)',
  ),
  inStudy(
    'a text where a number belongs',
    { 'sum: 1': 'sum: one' },
    'study.yaml:11: sum: is "one": expected a number',
  ),
  inStudy(
    'a range of three numbers',
    { 'save: [0, 1]': 'save: [0, 1, 2]' },
    'study.yaml:8: weights.save: is [0,1,2]: expected a range [min, max] of two numbers',
  ),
  inStudy(
    'a range without an end',
    { 'save: [0, 1]': 'save: [0, .inf]' },
    'study.yaml:8: weights.save.1: is Infinity: expected a finite number',
  ),
  inStudy(
    'a sum that is no number',
    { 'sum: 1': 'sum: .nan' },
    'study.yaml:11: sum: is NaN: expected a finite number',
  ),
  inStudy(
    'a seed of twenty digits',
    { 'seed: 1': 'seed: 12345678901234567890' },
    'study.yaml:21: seed: is 12345678901234567000: expected a number <= 2147483647',
  ),
  inStudy(
    'a budget that is written with an exponent',
    { 'budget: 3': 'budget: 1e23' },
    'study.yaml:20: budget: is 1e+23: expected a number <= 2000',
  ),
  inStudy(
    'a budget that is no whole number',
    { 'budget: 3': 'budget: 3.5' },
    'study.yaml:20: budget: is 3.5: expected a whole number',
  ),
  inStudy(
    'a word where one of a few is expected',
    { 'seed: 1': 'metrics: { save.average_precision: { noise: no } }' },
    'study.yaml:21: metrics.save.average_precision.noise: is "no": expected none, known or inferred',
  ),
  inStudy(
    'a number beyond all measure',
    { 'save: [0, 1]': 'save: [0, 1e101]' },
    'study.yaml:8: weights.save.1: is too large: expected a number of at most 1e+100 in size',
  ),
  inStudy(
    'more initial trials than can be designed',
    { 'seed: 1': 'initialTrials: 2000' },
    'study.yaml:21: initialTrials: is too large: expected at most 200 space-filling trials',
  ),
  inStudy(
    'a margin that is no number of standard errors',
    { 'seed: 1': 'guardrailMargin: -1' },
    'study.yaml:21: guardrailMargin: is -1: expected a number >= 0',
  ),
  inStudy(
    'a hold-out of everything',
    { 'seed: 1': 'holdout: { share: 1 }' },
    'study.yaml:21: holdout.share: is 1: expected a number <= 0.9',
  ),
  inStudy(
    'a hold-out by users that the log does not have',
    { 'seed: 1': 'holdout: { share: 0.3, by: user }' },
    'study.yaml:21: holdout.by: is user: add user: COLUMN under log, or hold out by request',
  ),
  inStudy(
    'a hold-out by a time that the log does not have',
    { 'seed: 1': 'holdout: { share: 0.3, by: time }' },
    'study.yaml:21: holdout.by: is time: add timestamp: COLUMN under log, or hold out by request',
  ),
  inStudy(
    'a negative weight',
    { 'save: [0, 1]': 'save: [-1, 1]' },
    'study.yaml:8: weights.save: range [-1, 1] has a negative weight: expected min >= 0 (a head that is bad takes sign: -1)',
  ),
  inStudy(
    'a weight without a head',
    {
      '  save: [0, 1]\n': '  save: [0, 1]\n  hide: [0, 1]\n',
      ', long_click: 0.4': ', long_click: 0.4, hide: 0',
    },
    'study.yaml:9: weights.hide: weight without a head: expected one of save, click, long_click',
  ),
  inStudy(
    'heads without a log',
    { [LOG_LINE]: '' },
    'study.yaml:2: heads: heads need a log: add log: {path, request}',
  ),
  inStudy(
    'bins of rows',
    { 'request: r }': 'request: r, form: rows, bins: 64 }' },
    'study.yaml:2: log.bins: are of the histogram form: expected form: histogram, or no bins',
  ),
  inStudy(
    'a registered dataset, which the service sweeps on',
    { 'path: log.csv': 'dataset: feed' },
    'study.yaml:2: log.dataset: names the registered dataset "feed", which "pondera serve" sweeps on: expected path: FILE, or --log FILE',
  ),
  inStudy(
    'a log with a path and a dataset',
    { 'path: log.csv': 'path: log.csv, dataset: feed' },
    'study.yaml:2: log.dataset: stands beside path: expected one of the two',
  ),
  inStudy(
    'a log without a path',
    { 'path: log.csv, ': '' },
    'study.yaml:2: log.path: is missing: expected a file, a pattern such as log/*.parquet, or a list of them; or dataset: NAME, for the service',
  ),
  studyText(
    'a study for an external evaluator',
    'name: x\nweights: { a: [0, 1], b: [0, 1] }\nsum: 1\nobjective: maximize revenue\n',
    'study.yaml: the study has no log to sweep on: add log and heads, or serve it to an external evaluator (pondera serve)',
  ),
];

const notStudies: readonly Refusal[] = [
  studyText(
    'a study that is not YAML',
    'name: small\nweights: { a: [0, 1\nobjective: x\n',
    'study.yaml:3: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ),
  inStudy(
    'a key that stands there twice',
    { 'seed: 1': 'seed: 1\nseed: 2' },
    'study.yaml:22: this key stands there twice: expected each key once',
  ),
  inStudy(
    '__proto__ as a key',
    { 'seed: 1': 'seed: 1\n__proto__: { budget: 7 }' },
    'study.yaml:22: __proto__: is a reserved key: expected another name',
  ),
  inStudy(
    'constructor as a weight',
    { '  click: [0, 1]': '  constructor: [0, 1]' },
    'study.yaml:9: weights.constructor: is a reserved key: expected another name',
  ),
  studyText(
    'an empty study',
    '',
    'study.yaml: is empty: expected a mapping with name, weights, objective, …',
  ),
  studyText(
    'a study that is a list',
    '- a\n- b\n',
    'study.yaml: does not hold a mapping: expected a mapping with name, weights, objective, …',
  ),
  studyText(
    'a study over 1 MiB',
    '#'.repeat(2 ** 20 + 1),
    'study.yaml: has 1048577 bytes: expected a study file of at most 1 MiB',
  ),
  studyText(
    'aliases that would fill the memory',
    `a: &a [1]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: &d [${'*c,'.repeat(9)}]\n`,
    'study.yaml: is not YAML: Excessive alias count indicates a resource exhaustion attack',
  ),
];

const metrics: readonly Refusal[] = [
  inStudy(
    'a guardrail on a head that is not there',
    { '- save.average': '- saves.average' },
    'study.yaml:16: guardrails.0: unknown metric "saves.average_precision": no head is named "saves" (heads: save, click, long_click)',
  ),
  inStudy(
    'a guardrail on an unknown metric',
    { '- save.average_precision': '- save.accuracy' },
    `study.yaml:16: guardrails.0: unknown metric "save.accuracy": "accuracy" is not one of ${METRIC_FORMS}`,
  ),
  inStudy(
    'a guardrail on a metric that is misspelt',
    { '- save.average_precision': '- save.average_precison' },
    `study.yaml:16: guardrails.0: unknown metric "save.average_precison": "average_precison" (did you mean average_precision?) is not one of ${METRIC_FORMS}`,
  ),
  inStudy(
    'a guardrail without a head',
    { '- save.average_precision': '- save' },
    `study.yaml:16: guardrails.0: unknown metric "save": expected HEAD.METRIC with METRIC one of ${METRIC_FORMS}`,
  ),
  inStudy(
    'a guardrail without its cut-off',
    { '- save.average_precision': '- save.ndcg' },
    'study.yaml:16: guardrails.0: metric "save.ndcg" needs a cut-off: save.ndcg@10, for example',
  ),
  inStudy(
    'a metric with an option that it does not know',
    { '- save.average_precision': '- save.ndcg@5{gains=linear}' },
    'study.yaml:16: guardrails.0: metric "save.ndcg@5{gains=linear}" has an unknown option "gains": expected one of gain, ties, empty',
  ),
  inStudy(
    'a metric of a segment, and a log that names none',
    { '- save.average_precision': '- save.map[segment=new]' },
    'study.yaml:16: guardrails.0: metric "save.map[segment=new]" is of a segment: add segment: COLUMN under log',
  ),
  inStudy(
    'a metric of a segment that the log does not have',
    { '- save.average_precision': '- save.map[segment=new]', 'request: r ': 'request: r, segment: y_long ' },
    'log.csv: metric save.map[segment=new] is of a segment that the log does not have: expected one of 0, 1',
  ),
  inStudy(
    'a name of a metric with a space in it',
    {
      '- save.average_precision': '- "save.ndcg@5{gain=linear, empty=zero}',
      '0.9 * baseline\n': '0.9 * baseline"\n',
    },
    'study.yaml:16: guardrails.0: is "save.ndcg@5{gain=linear, empty=zero}": expected a metric name such as ' +
      'click.average_precision, click.ndcg@10, click.ndcg@10{empty=zero}[segment=new_users] or revenue\n' +
      'pondera: study.yaml:16: guardrails.0: metric "save.ndcg@5{gain=linear, empty=zero}" has an unknown option ' +
      '" empty": expected one of gain, ties, empty',
  ),
  inStudy(
    'a guardrail of another form',
    { '- save.average_precision >= 0.9': '- save.average_precision == 0.9' },
    `study.yaml:16: guardrails.0: "save.average_precision == 0.9 * baseline" uses "==": expected <= or >=`,
  ),
  inStudy(
    'a guardrail in per cent',
    { '0.9 * baseline': '90% * baseline' },
    'study.yaml:16: guardrails.0: "save.average_precision >= 90% * baseline" has an unexpected "%": expected a fraction, such as 0.98 for 98 %',
  ),
  inStudy(
    'log loss as the objective, as it does not depend on the weights',
    { 'maximize long_click.average_precision': 'minimize long_click.log_loss' },
    'study.yaml:14: objective: long_click.log_loss does not depend on the weights, so it can be neither objective nor guardrail: list it under report',
  ),
  inStudy(
    'Brier score as a guardrail',
    { 'save.average_precision >= 0.9': 'save.brier <= 1.1' },
    'study.yaml:16: guardrails.0: save.brier does not depend on the weights, so it can be neither objective nor guardrail: list it under report',
  ),
  inStudy(
    'objectives beside an objective',
    { 'objective: maximize': 'objectives: [save.roc_auc, click.roc_auc]\nobjective: maximize' },
    'study.yaml:14: objectives: stand beside an objective: expected one of the two keys',
  ),
  inStudy(
    'a single objective in a list',
    { 'objective: maximize long_click.average_precision': 'objectives: [maximize click.roc_auc]' },
    'study.yaml:14: objectives: is [{"metric":"click.roc_auc","direction":"maximize"}]: expected 2 to 4 objectives',
  ),
  inStudy(
    'log loss among the objectives, as it does not depend on the weights',
    { 'objective: maximize long_click.average_precision': 'objectives: [click.roc_auc, save.log_loss]' },
    'study.yaml:14: objectives.1: save.log_loss does not depend on the weights, so it can be neither objective nor guardrail: list it under report',
  ),
  inStudy(
    'a reference point of a single objective',
    { 'seed: 1': 'seed: 1\nreferencePoint: { click.roc_auc: 0.5 }' },
    'study.yaml:22: referencePoint: needs objectives: expected objectives: a list of 2 to 4',
  ),
  inStudy(
    'an objective in another spelling',
    { 'maximize long_click': 'maximise long_click' },
    'study.yaml:14: objective: "maximise long_click.average_precision" is not an objective: expected "maximize METRIC" or "minimize METRIC"',
  ),
];

const constraints: readonly Refusal[] = [
  inStudy(
    'ranges that are too high for the sum',
    {
      'save: [0, 1]': 'save: [0.6, 1]',
      'click: [0, 1]': 'click: [0.6, 1]',
      [BASELINE]: 'scoreColumn: score',
    },
    'study.yaml:7: weights: the ranges allow sums from 1.2 to 3: expected 1 among them',
  ),
  inStudy(
    'ranges that are too low for the sum',
    {
      '  save: [0, 1]': '  save: [0, 0.3]',
      '  click: [0, 1]': '  click: [0, 0.3]',
      '  long_click: [0, 1]': '  long_click: [0, 0.3]',
      [BASELINE]: 'scoreColumn: score',
    },
    'study.yaml:7: weights: the ranges allow sums from 0 to 0.9: expected 1 among them',
  ),
  inStudy(
    'a range whose ends are swapped',
    { 'save: [0, 1]': 'save: [1, 0]', [BASELINE]: 'scoreColumn: score' },
    'study.yaml:8: weights.save: range [1, 0] is empty: expected min <= max',
  ),
  inStudy(
    'linear constraints that contradict each other, naming those and no others',
    {
      '  - click <= 2 * long_click': '  - click <= 2 * long_click\n  - save >= 0.6\n  - save + click <= 0.5',
    },
    'study.yaml:14: constraints.1: no weights satisfy all of: click >= 0, save >= 0.6, save + click <= 0.5',
  ),
  inStudy(
    'constraints that leave a single point',
    { '  - click <= 2 * long_click': '  - save == 0.2\n  - click == 0.5', [BASELINE]: 'scoreColumn: score' },
    'study.yaml:7: weights: the ranges and constraints leave only save = 0.2, click = 0.5, long_click = 0.3: expected room to vary',
  ),
  inStudy(
    'a constraint on an unknown weight',
    { 'click <= 2': 'clicks <= 2' },
    'study.yaml:13: constraints.0: unknown weight "clicks": expected one of save, click, long_click',
  ),
  inStudy(
    'a constraint that is not linear',
    { 'click <= 2 * long_click': 'click <= save * long_click' },
    'study.yaml:13: constraints.0: "click <= save * long_click" multiplies save by long_click: expected a linear expression',
  ),
  inStudy(
    'a strict inequality',
    { 'click <= 2 * long_click': 'click < 2 * long_click' },
    'study.yaml:13: constraints.0: "click < 2 * long_click" uses "<": expected <=, >= or ==',
  ),
  inStudy(
    'a sum with more digits than weights carry',
    { 'sum: 1': 'sum: 0.12345678901234567', [BASELINE]: 'scoreColumn: score' },
    'study.yaml:11: sum: the sum 0.12345678901234566 has digits below 1e-13, which weights adding up to it cannot carry',
  ),
];

const baselines: readonly Refusal[] = [
  inStudy(
    'a baseline outside the ranges',
    { 'save: [0, 1]': 'save: [0, 0.1]' },
    "study.yaml:19: baseline.weights.save: 0.2 is outside the weight's range [0, 0.1] by 0.1",
  ),
  inStudy(
    'a baseline that does not add up',
    { 'save: 0.2, click: 0.4': 'save: 0.2, click: 0.3' },
    "study.yaml:19: baseline.weights: sum to 0.9: expected the study's sum 1, 0.1 more",
  ),
  inStudy(
    'a baseline that breaks a constraint',
    { 'save: 0.2, click: 0.4, long_click: 0.4': 'save: 0.25, click: 0.625, long_click: 0.125' },
    'study.yaml:19: baseline.weights: break the constraint click - 2 * long_click <= 0 by 0.375',
  ),
  inStudy(
    'a baseline that lacks a weight',
    { 'save: 0.2, click: 0.4': 'click: 0.6' },
    'study.yaml:19: baseline.weights: lacks the weight save',
  ),
  inStudy(
    'guardrails relative to no baseline',
    { [`baseline:\n  ${BASELINE}\n`]: '' },
    `study.yaml:16: guardrails.0: "${SAVE_GUARDRAIL}" needs a baseline: add baseline: {weights: …}`,
  ),
  inStudy(
    'a multiple of a given baseline of zero',
    { [BASELINE]: 'metrics: { save.average_precision: 0, click.average_precision: 0.3 }' },
    "study.yaml:16: guardrails.0: the baseline's save.average_precision is 0, and a multiple of it needs a positive value: expected the form save.average_precision >= baseline - a",
  ),
  inStudy(
    'a given baseline without the metric of a guardrail',
    { [BASELINE]: 'metrics: { click.average_precision: 0.3 }' },
    `study.yaml:19: baseline.metrics: lacks save.average_precision, which the guardrail "${SAVE_GUARDRAIL}" is relative to`,
  ),
  inStudy(
    'a given baseline of an unknown metric',
    {
      [BASELINE]:
        'metrics: { save.average_precision: 0.2, click.average_precision: 0.3, saves.average_precision: 0.2 }',
    },
    'study.yaml:19: baseline.metrics.saves.average_precision: unknown metric "saves.average_precision": no head is named "saves" (heads: save, click, long_click)',
  ),
  inLog(
    'a multiple of a measured baseline of zero',
    `${smallLog().split('\n')[0]}\n1,0.1,0.1,0.1,0,1,1,0\n1,0.9,0.9,0.9,0,0,0,1\n`,
    "study.yaml:16: guardrails.0: the baseline's save.ndcg@1 is 0, and a multiple of it needs a positive value: expected the form save.ndcg@1 >= baseline - a",
    { '- save.average_precision': '- save.ndcg@1' },
  ),
  inStudy(
    'a score column that the log does not have',
    { [BASELINE]: 'scoreColumn: production' },
    `log.csv: the log has no column "production" (baseline score); ${COLUMNS}`,
  ),
];

const logs: readonly Refusal[] = [
  inStudy(
    'a column that the log does not have',
    { 'score: s_click': 'score: s_clic' },
    `log.csv: the log has no column "s_clic" (score of head click); did you mean "s_click"? I${COLUMNS.slice(1)}`,
  ),
  ...['1.5', '-0.1', 'NaN', 'inf', 'high'].map((value) =>
    inLog(
      `the score ${value}`,
      logWith('s_click', value, 18),
      `log.csv:18: row 17: column "s_click" (score of head click) is "${value}": expected a number from 0 to 1`,
    ),
  ),
  ...['2', '-1', '0.5', 'yes'].map((value) =>
    inLog(
      `the label ${value}`,
      logWith('y_save', value, 18),
      `log.csv:18: row 17: column "y_save" (label of head save) is "${value}": expected 0, 1 or empty`,
    ),
  ),
  inLog(
    'a null score, when no policy is set',
    logWith('s_save', '', 18),
    'log.csv:18: column "s_save" (score of head save) is null in 1 row, first in row 17: expected a number from 0 to 1, or nullScores: drop',
  ),
  inLog(
    "no positive label of the objective's head",
    logWith('y_long', '0'),
    'log.csv: column "y_long" has no positive label, which long_click.average_precision needs: expected at least one 1',
  ),
  inLog(
    "no positive label of a guardrail's head",
    logWith('y_save', '0'),
    'log.csv: column "y_save" has no positive label, which save.average_precision needs: expected at least one 1',
  ),
  inLog(
    'no negative label where ROC-AUC needs one',
    logWith('y_long', '1'),
    'log.csv: metric long_click.roc_auc is undefined on this log: head long_click has 400 positive and 0 negative labels: expected a positive and a negative label',
    { 'maximize long_click.average_precision': 'maximize long_click.roc_auc' },
  ),
  inLog('an empty log', '', 'log.csv: is empty (0 bytes): expected impressions'),
  inLog('a log of a header alone', smallLog(0), 'log.csv: has columns but no rows: expected impressions'),
  inLog(
    'a log that is cut inside a row',
    smallLog().slice(0, -9),
    'log.csv:401: the row has 5 values: expected 8, as in the header',
  ),
  inStudy(
    'a log that is not there',
    { 'path: log.csv': 'path: nowhere.csv' },
    'nowhere.csv: no such file: expected the log',
  ),
];

const OBJECTIVE = 'maximize long_click.average_precision';
const COUNTERFACTUAL = {
  'request: r ': 'request: r, position: place, displayPropensity: p ',
  [OBJECTIVE]: 'maximize long_click.snips.engagement@2',
};

/** Of 2,000 rows all shown in any order, with another value in line 18 of a column. */
function shownWith(column: 'place' | 'p', value: string): string {
  const lines = shownLog(2000, 1).split('\n');
  const at = column === 'p' ? -1 : -2;
  lines[17] = lines[17]!.split(',').with(at, value).join(',');
  return lines.join('\n');
}

const counterfactual: readonly Refusal[] = [
  inStudy(
    'a counterfactual metric without propensities',
    { [OBJECTIVE]: 'maximize long_click.ips.dcg@2', 'request: r ': 'request: r, position: place ' },
    'study.yaml:14: objective: metric "long_click.ips.dcg@2" is counterfactual: add displayPropensity: COLUMN under log',
  ),
  inStudy(
    'a counterfactual metric without places',
    {
      [SAVE_GUARDRAIL]: 'save.snips.dcg@2 >= 0.9 * baseline',
      'request: r ': 'request: r, displayPropensity: p ',
    },
    'study.yaml:16: guardrails.0: metric "save.snips.dcg@2" is counterfactual: add position: COLUMN under log',
  ),
  inStudy(
    'a metric that has no counterfactual estimator',
    { ...COUNTERFACTUAL, [OBJECTIVE]: 'maximize long_click.ips.ndcg@2' },
    'study.yaml:14: objective: metric "long_click.ips.ndcg@2" is not offered, as ndcg divides by the positives of a request, ' +
      'which depend on the ranking that was shown: expected ips.engagement@K or ips.dcg@K',
  ),
  inStudy(
    'more guardrails than there may be, with those of samples',
    {
      ...COUNTERFACTUAL,
      [SAVE_GUARDRAIL]: Array.from({ length: 19 }, (_, i) => `save.ips.engagement@${i + 1} >= 0`).join(
        '\n  - ',
      ),
    },
    'study.yaml:15: guardrails: are 20, and 20 more of the effective sample size of counterfactual metrics: expected at most 20 together',
  ),
  ...['0', '1.5', '-0.1', 'often'].map((value) =>
    inLog(
      `the display propensity ${value}`,
      shownWith('p', value),
      `log.csv:18: row 17: column "p" (display propensity) is "${value}": expected a number above 0, up to 1`,
      COUNTERFACTUAL,
    ),
  ),
  inLog(
    'a display propensity that is missing',
    shownWith('p', ''),
    'log.csv:18: column "p" (display propensity) is null in 1 row, first in row 17: expected a number above 0, up to 1',
    COUNTERFACTUAL,
  ),
  inLog(
    'a column of propensities that is not there',
    smallLog(),
    `log.csv: the log has no column "p" (display propensity); ${COLUMNS}`,
    COUNTERFACTUAL,
  ),
  inLog(
    'a place beyond the rows of its request',
    shownWith('place', '5'),
    'log.csv: 1 of 500 requests have other places than 1 to their number of rows, each once (the first: 2, 3, 4, 5): expected the place of each row among those of its request',
    COUNTERFACTUAL,
  ),
  inLog(
    'a production that shows one ranking alone',
    shownLog(400, 0),
    'log.csv: every display propensity is 1, so production never showed another ranking: expected a log of a randomised ranking, or metrics without ips and snips',
    COUNTERFACTUAL,
  ),
  inLog(
    'a log of too small an effective sample for the baseline',
    shownLog(400, 1),
    'log.csv: metric long_click.snips.engagement@2 has an effective sample size of 25 at one of its places at the baseline, its largest weight 4: expected at least 100, from a longer log or a smaller cut-off, or a smaller ess=',
    COUNTERFACTUAL,
  ),
  inLog(
    'the same of a metric that is only reported',
    shownLog(400, 1),
    'log.csv: metric save.ips.engagement@1{ess=30} has an effective sample size of 25 at the baseline, its largest weight 4: expected at least 30, from a longer log or a smaller cut-off, or a smaller ess=',
    {
      ...COUNTERFACTUAL,
      [OBJECTIVE]: OBJECTIVE,
      'seed: 1': 'seed: 1\nreport: ["save.ips.engagement@1{ess=30}"]',
    },
  ),
];

const args: readonly Refusal[] = [
  inArguments(
    'a study file that is not there',
    ['sweep', 'nowhere.yaml'],
    'pondera: nowhere.yaml: does not exist: expected a study file',
  ),
  inArguments('a folder as the study file', ['sweep', '.'], 'pondera: .: is a folder: expected a study file'),
  inArguments('no study file', ['sweep'], `error: missing required argument 'study'${HINT}`),
  inArguments(
    'two study files',
    [...SWEEP, 'other.yaml'],
    `error: too many arguments for 'sweep'. Expected 1 argument but got 2.${HINT}`,
  ),
  inArguments(
    'an unknown option',
    [...SWEEP, '--trial', '3'],
    `error: unknown option '--trial'\n(Did you mean --trials?)${HINT}`,
  ),
  inArguments(
    'no trials',
    [...SWEEP, '--trials', '0'],
    `error: option '--trials <n>' argument '0' is invalid. Expected a whole number from 1 to 2000.${HINT}`,
  ),
  inArguments(
    'an option without its value',
    [...SWEEP, '--trials'],
    `error: option '--trials <n>' argument missing${HINT}`,
  ),
  inArguments(
    'a negative seed',
    [...SWEEP, '--seed', '-1'],
    `error: option '--seed <n>' argument '-1' is invalid. Expected a whole number from 0 to 2147483647.${HINT}`,
  ),
  inArguments(
    'a number of workers that is none',
    [...SWEEP, '--workers', 'two'],
    `error: option '--workers <n>' argument 'two' is invalid. Expected a whole number from 1 to 64.${HINT}`,
  ),
  inArguments(
    'an unknown command',
    ['sweeps'],
    "error: unknown command 'sweeps'\n(Did you mean sweep?)\n(pondera --help lists what there is)",
  ),
  inArguments(
    'a --log that is not there',
    [...SWEEP, '--log', 'nowhere.csv'],
    'pondera: nowhere.csv: no such file: expected the log',
  ),
  inArguments(
    'a --db in a folder that does not exist',
    [...SWEEP, '--db', 'nowhere/pondera.db'],
    'pondera: nowhere/pondera.db: its folder does not exist: expected an existing folder',
  ),
  inArguments(
    'a --db that is a folder',
    [...SWEEP, '--db', '.'],
    'pondera: .: cannot be opened: expected a file that can be read and written',
  ),
  inArguments(
    'a --db without a name, which SQLite would take for a temporary database',
    [...SWEEP, '--db', ''],
    'pondera: the database has an empty name: expected a file',
  ),
  inArguments(
    'a --db that is not SQLite',
    [...SWEEP, '--db', 'study.yaml'],
    'pondera: study.yaml: is not an SQLite database: expected a database of pondera or a new file',
  ),
  inArguments(
    'no study to print the models of',
    ['model'],
    "error: missing required argument 'study'\n(pondera model --help lists what there is)",
  ),
  inArguments(
    'models from a database that is not there',
    ['model', 'small'],
    'pondera: pondera.db: does not exist: expected a database of pondera',
  ),
  inArguments(
    'models from a --db that is not SQLite',
    ['model', 'small', '--db', 'log.csv'],
    'pondera: log.csv: is not an SQLite database: expected a database of pondera or a new file',
  ),
  {
    ...inArguments(
      'models from a --db that is empty',
      ['model', 'small', '--db', 'empty.db'],
      'pondera: empty.db: is empty: expected a database of pondera',
    ),
    files: { 'empty.db': '' },
  },
];

export const REFUSALS: Readonly<Record<string, readonly Refusal[]>> = {
  'in the keys of a study': keys,
  'in a file that is no study': notStudies,
  'in the metrics of a study': metrics,
  'in ranges and constraints': constraints,
  'in the baseline': baselines,
  'in the log': logs,
  'of counterfactual metrics': counterfactual,
  'on the command line': args,
  'in API keys': keyRefusals,
  'in datasets': datasetRefusals,
  'in backups': backupRefusals,
};
