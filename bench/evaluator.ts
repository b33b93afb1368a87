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
import { sweepOfLog } from './evaluator/sweep-of-log.ts';
import { uncertainty } from './evaluator/uncertainty.ts';
import { loadGenerated } from './load-log/load-generated.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';

const SEED = 1;
/** In the order of the heads. */
const WEIGHTS = Float64Array.of(0.4, 0.3, 0.2, 0.1);

const SIZES = {
  full: {
    compared: 5_000_000,
    resampled: 5_000_000,
    loaded: 10_000_000,
    swept: 10_000_000,
    grown: [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000],
    rounds: 3,
  },
  quick: {
    compared: 3_000_000,
    resampled: 1_000_000,
    loaded: 1_000_000,
    swept: undefined,
    grown: [100_000, 300_000, 1_000_000, 3_000_000],
    rounds: 2,
  },
};

const AT_LEAST: Figures = {
  ap4_vs_sklearn_1thread: 25,
  ap4_vs_sklearn_2threads: 45,
  auc4_vs_sklearn: 25,
};
const TRIALS = 100;

const AT_MOST: Figures = { bytes_per_row: 60, bootstrap200_vs_one: 40, sweep100_10m_s: 240 };

await runBench<{ readonly python: string }>(
  {
    name: 'evaluator',
    description:
      'How long metrics of four heads take on a generated log, beside scikit-learn on the same arrays.',
    quick: 'three million rows instead of five, ten for growth, and no sweep, in about a minute',
  },
  async ({ quick, python, say, warn }): Promise<Figures> => {
    const { compared, resampled, loaded, swept, grown, rounds } = SIZES[quick ? 'quick' : 'full'];
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
      uncertainty(firstRows(all, resampled), WEIGHTS, say),
      growth(all, WEIGHTS, grown, say),
      bytesPerRow(all, WEIGHTS),
    );
    const { seconds } = await loadGenerated(loaded, false);
    say(`${loaded} rows by request load from Parquet in ${seconds.toFixed(1)} s`);
    figures.push({ load_rows_per_s: rounded(loaded / seconds) });
    if (swept !== undefined) figures.push(await sweepOfLog(swept, TRIALS, say));
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
