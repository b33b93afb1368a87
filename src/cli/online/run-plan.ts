import { DomainError } from '../../domain/errors.ts';
import type { Readout } from '../../domain/readout.ts';
import { parseWith } from '../../domain/schema.ts';
import type { Clock } from '../../service/clock.ts';
import { onlineStudy, type OnlineStudy } from '../../service/online-evidence.ts';
import { planExperiment, type PlanRequest, planRequestSchema } from '../../service/plan-experiment.ts';
import { httpfsFile } from '../httpfs-file.ts';
import { formatPlan } from './format-plan.ts';
import { jsonText } from './json-text.ts';
import type { NumberPairs, Pairs } from './pair-option.ts';
import { withStudy } from './with-study.ts';

export interface PlanOptions {
  readonly db: string;
  readonly perDay: number;
  readonly days: number;
  readonly most: number;
  readonly control: PlanRequest['control'];
  readonly correction: PlanRequest['correction'];
  readonly alpha: number;
  readonly power: number;
  readonly effect?: NumberPairs;
  readonly mean?: NumberPairs;
  readonly sd?: NumberPairs;
  readonly readout?: string;
  readonly arm: string;
  readonly user: string | false;
  readonly column?: Pairs;
  readonly covariate?: Pairs;
  readonly workers: number;
  readonly json?: boolean;
}

/** Prints the plans for 1, 2, … arms; nothing is stored. */
export async function runPlan(argument: string, options: PlanOptions, clock: Clock): Promise<void> {
  await withStudy(options, argument, clock, async (context, { definition }) => {
    const { name: study } = definition;
    const request = await requestOf(onlineStudy(definition), options);
    const plan = await planExperiment(context, study, request);
    process.stdout.write(
      `${options.json === true ? jsonText(plan) : formatPlan({ plan, request }, process.stdout.columns)}\n`,
    );
  });
}

async function requestOf(study: OnlineStudy, options: PlanOptions): Promise<PlanRequest> {
  const { perDay, days, most, control, correction, alpha, power, effect, mean, sd } = options;
  const names = [effect, mean, sd].flatMap((pairs) => Object.keys(pairs ?? {}));
  return parseWith(
    planRequestSchema,
    {
      unitsPerDay: perDay,
      days,
      mostArms: most,
      control,
      correction,
      alpha,
      power,
      metrics: Object.fromEntries(
        names.map((metric) => [
          metric,
          { mean: mean?.[metric], stddev: sd?.[metric], relevantEffect: effect?.[metric] },
        ]),
      ),
      readout: options.readout === undefined ? undefined : await spreadsOf(study, options.readout, options),
    },
    'experiment_invalid',
  );
}

async function spreadsOf(
  { online: { metrics } }: OnlineStudy,
  file: string,
  { arm, user, column = {}, covariate = {} }: PlanOptions,
): Promise<Pick<Readout, 'units' | 'metrics'>> {
  const { readReadoutFile } = await import('../../service/read-readout-file.ts');
  process.stderr.write(`reading ${file}\n`);
  const { form, readout } = await readReadoutFile(
    {
      path: file,
      arm,
      unit: user === false ? null : user,
      columns: column,
      covariates: covariate,
      nulls: 'refuse',
      adjusted: false,
      httpfs: httpfsFile(),
    },
    { kinds: Object.fromEntries(Object.entries(metrics).map(([metric, { kind }]) => [metric, kind])) },
  );
  if (form === 'json') return readout;
  const { units, metrics: measured } = readout;
  if (Object.keys(measured).length === 0) {
    throw new DomainError('readout_invalid', 'has no metric: expected some', { file });
  }
  return { units, metrics: measured };
}
