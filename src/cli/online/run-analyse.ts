import { type AnalysisAsked, analyseExperiment } from '../../service/analyse-experiment.ts';
import type { Clock } from '../../service/clock.ts';
import { onlineStudy } from '../../service/online-evidence.ts';
import { readExperiments } from '../../service/read-experiments.ts';
import { formatAnalysis } from './format-analysis.ts';
import { jsonText } from './json-text.ts';
import { roundOf } from './run-readout.ts';
import { withStudy } from './with-study.ts';

export interface AnalyseOptions {
  readonly db: string;
  readonly round?: number;
  readonly alpha: number;
  readonly correction: NonNullable<AnalysisAsked['correction']>;
  readonly workers: number;
  readonly json?: boolean;
}

/** Prints what a round says; nothing is stored. */
export async function runAnalyse(argument: string, options: AnalyseOptions, clock: Clock): Promise<void> {
  const { db, round, alpha, correction, json } = options;
  await withStudy(options, argument, clock, async (context, { definition }) => {
    const { name: study } = definition;
    const { online } = onlineStudy(definition);
    const { number } = roundOf(study, await readExperiments(context, study), round);
    const analysis = await analyseExperiment(context, study, number, { alpha, correction });
    process.stdout.write(
      `${json === true ? jsonText(analysis) : formatAnalysis(analysis, online, db, process.stdout.columns)}\n`,
    );
  });
}
