import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Random, randomStream } from '../../math/random.ts';
import { HEAD_NAMES, type HeadName, MODEL } from './model.ts';

type PerHead = Record<HeadName, number>;

interface Context {
  readonly activity: number;
  readonly intent: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => Math.log(p / (1 - p));
const perHead = (value: (head: HeadName) => number): PerHead => ({
  save: value('save'),
  click: value('click'),
  long_click: value('long_click'),
  close_up: value('close_up'),
});

/** The demonstration log as CSV: the same text on every run. */
export function generateDemoLog(): string {
  const random = randomStream(MODEL.seed, 'demo');
  const scores = HEAD_NAMES.map((head) => `score_${head}`);
  const labels = HEAD_NAMES.map((head) => `label_${head}`);
  const lines = [['request_id', ...scores, 'production_score', ...labels].join(',')];
  const { shortest, longest } = MODEL.impressions;
  for (let request = 1; request <= MODEL.requests; request++) {
    const context = {
      activity: MODEL.context.activity * random.normal(),
      intent: MODEL.context.intent * random.normal(),
    };
    const logsCloseUp = random.uniform() >= MODEL.closeUpMissing;
    const impressions = shortest + random.integer(longest - shortest + 1);
    for (let i = 0; i < impressions; i++)
      lines.push(`${request},${impression(random, context, logsCloseUp)}`);
  }
  return `${lines.join('\n')}\n`;
}

function impression(random: Random, context: Context, logsCloseUp: boolean): string {
  const truth = trueProbabilities(random, context);
  const believed = believedProbabilities(random, truth);
  const scores = HEAD_NAMES.map((head) => decimal(underSampled(believed[head])));
  const labels = drawLabels(random, truth);
  const shown = HEAD_NAMES.map((head) => (head === 'close_up' && !logsCloseUp ? '' : labels[head]));
  return [...scores, decimal(productionScore(random, believed)), ...shown].join(',');
}

function trueProbabilities(random: Random, { activity, intent }: Context): PerHead {
  const appeal = random.normal();
  const usefulness = random.normal();
  const given = perHead((head) => {
    const h = MODEL.heads[head];
    return sigmoid(
      h.intercept + h.activity * activity + h.intent * intent + h.appeal * appeal + h.usefulness * usefulness,
    );
  });
  return { ...given, long_click: given.click * given.long_click };
}

/** What the heads believe: the truth with noise on the logit, part of it common to all heads. */
function believedProbabilities(random: Random, truth: PerHead): PerHead {
  const shared = Math.sqrt(MODEL.sharedNoise) * random.normal();
  const own = Math.sqrt(1 - MODEL.sharedNoise);
  return perHead((head) =>
    sigmoid(logit(truth[head]) + MODEL.heads[head].noise * (shared + own * random.normal())),
  );
}

/** The score of a model trained with negatives kept at β: the inverse of the calibration. */
function underSampled(probability: number): number {
  return probability / (probability + MODEL.negativeKeepRate * (1 - probability));
}

function drawLabels(random: Random, truth: PerHead): PerHead {
  const draw = (probability: number): number => (random.uniform() < probability ? 1 : 0);
  const click = draw(truth.click);
  const staysIfClicked = draw(truth.long_click / truth.click);
  return {
    save: draw(truth.save),
    click,
    long_click: click * staysIfClicked,
    close_up: draw(truth.close_up),
  };
}

function productionScore(random: Random, believed: PerHead): number {
  const { weights, noise } = MODEL.production;
  const utility = HEAD_NAMES.reduce((sum, head) => sum + weights[head] * believed[head], 0);
  return sigmoid(logit(utility) + noise * random.normal());
}

function decimal(x: number): string {
  return x.toFixed(MODEL.scoreDecimals);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = fileURLToPath(new URL('../../../examples/demo/impressions.csv.gz', import.meta.url));
  writeFileSync(path, gzipSync(generateDemoLog(), { level: 9 }));
}
