import { randomStream } from '../../math/random.ts';

/** A study of three heads on `log.csv`; its lines are numbered from 1, as the messages number them. */
export const SMALL_STUDY = `name: small
log: { path: log.csv, request: r }
heads:
  save: { score: s_save, label: y_save }
  click: { score: s_click, label: y_click }
  long_click: { score: s_long, label: y_long }
weights:
  save: [0, 1]
  click: [0, 1]
  long_click: [0, 1]
sum: 1
constraints:
  - click <= 2 * long_click
objective: maximize long_click.average_precision
guardrails:
  - save.average_precision >= 0.9 * baseline
  - click.average_precision >= 0.9 * baseline
baseline:
  weights: { save: 0.2, click: 0.4, long_click: 0.4 }
budget: 3
seed: 1
`;

/** The small study with some of its text replaced; each text must stand there. */
export function smallStudy(replacements: Readonly<Record<string, string>> = {}): string {
  let study = SMALL_STUDY;
  for (const [text, by] of Object.entries(replacements)) {
    if (!study.includes(text)) throw new RangeError(`the small study has no "${text}"`);
    study = study.replace(text, () => by);
  }
  return study;
}

const HEADER = 'r,s_save,s_click,s_long,score,y_save,y_click,y_long';
const RATES = [0.15, 0.35, 0.2];

/** The small study's log: seeded, four impressions a request, scores that know something of their labels. */
export function smallLog(rows = 400): string {
  const random = randomStream(1, 'small log');
  const lines = Array.from({ length: rows }, (_, row) => {
    const labels = RATES.map((rate) => Number(random.uniform() < rate));
    const scores = [...labels, labels[2]!].map((label) =>
      (1 / (1 + Math.exp(2 - 1.2 * label - random.normal()))).toFixed(4),
    );
    return [Math.floor(row / 4), ...scores, ...labels].join(',');
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}

const BASELINE_WEIGHTS = [0.2, 0.4, 0.4];

/** The place of each by its key, the largest first. */
function placesBy(keys: readonly number[]): readonly number[] {
  return keys.map((key) => keys.filter((other) => other >= key).length);
}

/**
 * The small study's log with the columns `place` and `p`: production ranked by the baseline, but a share of the requests, drawn
 * at random, in any order.
 */
export function shownLog(rows: number, explored: number): string {
  const random = randomStream(1, 'shown log');
  const [header, ...lines] = smallLog(rows).trimEnd().split('\n');
  const shown: string[] = [];
  for (let from = 0; from < lines.length; from += 4) {
    const request = lines.slice(from, from + 4);
    const utility = request.map((line) => {
      const scores = line.split(',').slice(1, 4).map(Number);
      return scores.reduce((sum, score, t) => sum + score * BASELINE_WEIGHTS[t]!, 0);
    });
    const usual = placesBy(utility);
    const places = random.uniform() < explored ? placesBy(request.map(() => random.uniform())) : usual;
    for (const [i, line] of request.entries()) {
      const p = (places[i] === usual[i] ? 1 - explored : 0) + explored / request.length;
      shown.push(`${line},${places[i]},${p}`);
    }
  }
  return `${[`${header},place,p`, ...shown].join('\n')}\n`;
}
