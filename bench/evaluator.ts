import { Option } from 'commander';
import { againstSklearn } from './evaluator/against-sklearn.ts';
import { bytesPerRow } from './evaluator/bytes-per-row.ts';
import {
  BASE_RATES,
  firstRows,
  generatedImpressions,
  REQUEST_LENGTH,
} from './evaluator/generated-impressions.ts';
import { growth } from './evaluator/growth.ts';
import { overReadingOnce } from './evaluator/reading-once.ts';
import { findSklearn } from './evaluator/sklearn.ts';
import { type Figures, runBench } from './run-bench.ts';

const SEED = 1;
/** In the order of the heads. */
const WEIGHTS = Float64Array.of(0.4, 0.3, 0.2, 0.1);

const SIZES = {
  full: { compared: 5_000_000, grown: [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000], rounds: 3 },
  quick: { compared: 3_000_000, grown: [100_000, 300_000, 1_000_000, 3_000_000], rounds: 2 },
};

const AT_LEAST: Figures = {
  ap4_vs_sklearn_1thread: 25,
  ap4_vs_sklearn_2threads: 45,
  auc4_vs_sklearn: 25,
};
const AT_MOST: Figures = { bytes_per_row: 60 };

await runBench<{ readonly python: string }>(
  {
    name: 'evaluator',
    description:
      'How long metrics of four heads take on a generated log, beside scikit-learn on the same arrays.',
    quick: 'three million rows instead of five, ten for growth, in under 60 seconds',
  },
  async ({ quick, python, say, warn }): Promise<Figures> => {
    const { compared, grown, rounds } = SIZES[quick ? 'quick' : 'full'];
    const rates = Object.entries(BASE_RATES).map(([head, rate]) => `${head} ${rate}`);
    say(
      `generated log: calibrated scores with normal logits, base rates ${rates.join(', ')}; requests of ${REQUEST_LENGTH} rows; ` +
        `${compared} rows where nothing else is said`,
    );
    const all = generatedImpressions(Math.max(compared, ...grown), SEED);
    const log = firstRows(all, compared);
    const figures: Figures[] = [];
    const found = findSklearn(python);
    if ('missing' in found)
      warn(`no ratios to scikit-learn: ${found.missing} (--python names another interpreter)`);
    else {
      say(`scikit-learn ${found.version}, one thread, four calls`);
      figures.push(await againstSklearn(log, WEIGHTS, python, rounds, say));
    }
    figures.push(
      overReadingOnce(log, WEIGHTS, say),
      growth(all, WEIGHTS, grown, say),
      bytesPerRow(all, WEIGHTS),
    );
    return Object.assign({}, ...figures) as Figures;
  },
  (command) =>
    command.addOption(
      new Option('--python <path>', 'interpreter that has scikit-learn')
        .env('PONDERA_PYTHON')
        .default('python3'),
    ),
  AT_MOST,
  AT_LEAST,
);
