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
