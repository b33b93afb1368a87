import type { Gate } from '../../domain/finding.ts';
import { type Readout, readoutSchema } from '../../domain/readout.ts';
import { parseWith } from '../../domain/schema.ts';
import type { Clock } from '../../service/clock.ts';
import { importReadout } from '../../service/import-readout.ts';
import { onlineStudy } from '../../service/online-evidence.ts';
import { readExperiments, type StoredExperiment } from '../../service/read-experiments.ts';
import { DomainError } from '../../domain/errors.ts';
import { httpfsFile } from '../httpfs-file.ts';
import { formatReadout } from './format-readout.ts';
import type { Pairs } from './pair-option.ts';
import { withStoredStudy } from './with-study.ts';

export interface ReadoutOptions {
  readonly db: string;
  readonly round?: number;
  readonly arm: string;
  readonly user: string | false;
  readonly metric?: readonly string[];
  readonly column?: Pairs;
  readonly covariate?: Pairs;
  readonly emptyIsZero?: boolean;
  readonly adjusted?: boolean;
  readonly start?: string;
  readonly end?: string;
  readonly matures?: string;
  readonly force?: readonly Gate[];
  readonly json?: boolean;
}

/** Reads a file, has the gates look at it, and stores it; prints what was found. */
export async function runReadout(
  argument: string,
  file: string,
  options: ReadoutOptions,
  clock: Clock,
): Promise<void> {
  await withStoredStudy(options.db, argument, clock, async (store, { definition }) => {
    const { name: study } = definition;
    const { online } = onlineStudy(definition);
    const { metrics } = online;
    const experiment = roundOf(study, await readExperiments({ store }, study), options.round);
    const { readReadoutFile } = await import('../../service/read-readout-file.ts');
    process.stderr.write(`reading ${file}\n`);
    const read = await readReadoutFile(
      {
        path: file,
        arm: options.arm,
        unit: options.user === false ? null : options.user,
        ...(options.metric !== undefined && { metrics: options.metric }),
        columns: options.column ?? {},
        covariates: options.covariate ?? {},
        nulls: options.emptyIsZero === true ? 'zero' : 'refuse',
        adjusted: options.adjusted === true,
        httpfs: httpfsFile(),
      },
      {
        arms: experiment.arms.map(({ name }) => name),
        kinds: Object.fromEntries(Object.entries(metrics).map(([metric, { kind }]) => [metric, kind])),
      },
    );
    const readout = timed(read.readout, experiment, options, file);
    try {
      const context = { store, clock, actor: 'cli' };
      const imported = await importReadout(context, study, experiment.number, readout, options.force);
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify(imported.readout, null, 2)}\n`
          : `${formatReadout({ experiment, read, imported, online, db: options.db }, process.stdout.columns)}\n`,
      );
    } catch (error) {
      throw error instanceof DomainError && error.code === 'readout_invalid' ? error.at({ file }) : error;
    }
  });
}

/** The round of this number, or the last. Throws `experiment_not_found`. */
export function roundOf(
  study: string,
  experiments: readonly StoredExperiment[],
  number: number | undefined,
): StoredExperiment {
  const found =
    number === undefined ? experiments.at(-1) : experiments.find((each) => each.number === number);
  if (found !== undefined) return found;
  const rounds = experiments.map((each) => each.number).join(', ');
  throw new DomainError(
    'experiment_not_found',
    experiments.length === 0
      ? `study "${study}" has no experiment: expected one (pondera arms ${study})`
      : `study "${study}" has no round ${number}: expected one of ${rounds}`,
  );
}

/** Times by the options, else by the file, else as planned. */
function timed(
  readout: Pick<Readout, 'units' | 'metrics'> & Partial<Readout>,
  { window }: StoredExperiment,
  { start, end, matures }: ReadoutOptions,
  file: string,
): Readout {
  const { units, metrics, correlations } = readout;
  const maturesAt = matures ?? readout.maturesAt;
  return parseWith(
    readoutSchema,
    {
      window: {
        start: start ?? readout.window?.start ?? window.start,
        end: end ?? readout.window?.end ?? window.end,
      },
      ...(maturesAt !== undefined && { maturesAt }),
      units,
      metrics,
      ...(correlations !== undefined && { correlations }),
    },
    'readout_invalid',
    { file },
  );
}
