import { generatedProblem } from './engine/generated-problem.ts';
import { growthExponent } from './engine/growth-exponent.ts';
import { posteriorLosses } from './engine/posterior-loss.ts';
import { suggestFigure, type SuggestRun, type SuggestSetting } from './engine/suggest-run.ts';
import { suggestSettings } from './engine/suggest-settings.ts';
import { median } from './median.ts';
import { rounded } from './rounded.ts';
import { type Figures, runBench } from './run-bench.ts';
import { runChild } from './run-child.ts';

/** What a suggestion takes as the service makes it, and what fitting a large study on a part of it costs the fit. */
const TARGETS: Figures = {
  suggest_ms_n25: 40,
  suggest_ms_n100: 100,
  suggest_ms_n200: 250,
  suggest_ms_n1000: 1500,
  d10_over_d4_n25: 2,
  d10_over_d4_n100: 2,
  d10_over_d4_n200: 2,
  d10_over_d4_n1000: 2,
  d10_over_d4_n100_noisy: 2,
  d10_over_d4_n100_q8: 2,
  peak_mb_n1000: 300,
};

/** Processes of each setting, each with a cold suggestion. */
const PROCESSES = 3;
const QUICK_PROCESSES = 1;

const LOSS_SEEDS = 3;
const LOSS_METRICS = 4;

await runBench(
  {
    name: 'engine',
    description: 'How long a suggestion takes by completed trials, weights, noise and batch, beside targets.',
    quick: 'fewer settings, one process each, in under 50 seconds',
  },
  async ({ quick, say }): Promise<Figures> => {
    const figures: Record<string, number> = {};
    const points: { readonly observations: number; readonly ms: number }[] = [];
    for (const setting of suggestSettings(quick)) {
      const runs: SuggestRun[] = [];
      for (let i = 0; i < (quick ? QUICK_PROCESSES : PROCESSES); i++) runs.push(await suggestOnce(setting));
      const warm = median(runs.flatMap(({ warmMs }) => warmMs))!;
      const cold = median(runs.map(({ coldMs }) => coldMs))!;
      const { dimension, observations, noisy } = setting;
      const figure = suggestFigure(setting);
      say(`${figure}: ${warm.toFixed(1)} ms, cold ${cold.toFixed(0)} ms`);
      figures[figure] = rounded(warm);
      figures[`${figure}_cold`] = rounded(cold);
      const smaller = figures[suggestFigure({ ...setting, dimension: 4 })];
      if (dimension === 10) {
        figures[figure.replace('suggest_ms_d10', 'd10_over_d4')] = rounded(warm / smaller!);
      }
      if (dimension === 4 && observations === 1000) {
        figures['peak_mb_n1000'] = rounded(Math.max(...runs.map(({ peakMb }) => peakMb)));
      }
      if (dimension === 4 && observations >= 100 && observations !== 1000 && !noisy) {
        points.push({ observations, ms: warm });
      }
    }
    figures['growth_exponent'] = rounded(growthExponent(points));
    const losses = Array.from({ length: quick ? 1 : LOSS_SEEDS }, (_, seed) =>
      posteriorLosses(generatedProblem(4), seed, 1000, quick ? 1 : LOSS_METRICS),
    );
    figures['log_posterior_loss_per_point_n1000'] = rounded(Math.max(...losses.flat()));
    return figures;
  },
  (command) => command,
  TARGETS,
);

async function suggestOnce(setting: SuggestSetting): Promise<SuggestRun> {
  return runChild(new URL('./engine/suggest-once.js', import.meta.url), [JSON.stringify(setting)]);
}
