import { DomainError } from '../../domain/errors.ts';
import { type ExperimentRequest, experimentRequestSchema } from '../../domain/experiment.ts';
import { parseWith } from '../../domain/schema.ts';
import type { ArmLog, OpenArmLog } from '../../service/arm-log.ts';
import { HISTOGRAM_FORM } from '../../service/arms-on-log.ts';
import { armLog } from '../../service/log-arms.ts';
import { endExperiment } from '../../service/change-experiment.ts';
import type { Clock } from '../../service/clock.ts';
import { openComputePool } from '../../service/compute-pool.ts';
import { createExperiment } from '../../service/create-experiment.ts';
import { exportExperiment, type ExportFormat } from '../../service/export-experiment.ts';
import { readExperiment, type StoredExperiment } from '../../service/read-experiments.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { createStudyQueue } from '../../service/study-queue.ts';
import type { StoredStudy } from '../../../store/studies.ts';
import { httpfsFile } from '../httpfs-file.ts';
import { formatExperiment, type ArmAgreements } from './format-arms.ts';
import { handPickedArms } from './hand-picked.ts';
import { dayOf, daysAfter } from './moment-option.ts';
import { withStoredStudy } from './with-study.ts';

export interface ArmsOptions {
  readonly db: string;
  readonly round?: number;
  readonly arms: number;
  readonly add?: readonly string[];
  readonly start?: string;
  readonly days: number;
  readonly units?: number;
  readonly coverage?: number;
  readonly control: ExperimentRequest['controlShare'];
  readonly unit?: string;
  readonly name?: string;
  readonly seed?: number;
  readonly generator: ExperimentRequest['generator'];
  readonly promised: number;
  readonly feasible?: number;
  readonly log?: string;
  readonly merge: number;
  readonly top: number;
  readonly export?: ExportFormat;
  readonly end?: number;
  readonly reason?: string;
  readonly memory?: number;
  readonly workers: number;
  readonly json?: boolean;
}

/** Plans the next round and prints it, or prints, exports or ends one that is stored. */
export async function runArms(argument: string, options: ArmsOptions, clock: Clock): Promise<void> {
  const { db, round, end } = options;
  const request = round === undefined && end === undefined ? await requestOf(options, clock) : undefined;
  await withStoredStudy(db, argument, clock, async (store, stored) => {
    const study = stored.definition.name;
    if (end !== undefined) {
      await endExperiment({ store, clock, actor: 'cli' }, study, end, options.reason ?? null);
      process.stdout.write(`round ${end} of ${study} is ended\n`);
      return;
    }
    const log = options.log === undefined ? undefined : await loadArmLog(stored, options.log, options);
    const pool = openComputePool(options.workers, log?.log);
    try {
      const context = { store, pool, queue: createStudyQueue(), clock, actor: 'cli' };
      const measuring = log?.of(pool);
      const experiment =
        request === undefined
          ? await readExperiment(context, study, round!)
          : await createExperiment(context, study, request, openLogOf(stored, measuring)).catch(ofOption);
      await print(
        context,
        experiment,
        options,
        measuring && (await agreementsOf(experiment, measuring, options.top)),
      );
    } finally {
      await pool.close();
    }
  });
}

/** What a new round is measured on; of a study with a log that is not at hand, why it is not. */
function openLogOf({ definition }: StoredStudy, measuring: ArmLog | undefined): OpenArmLog | undefined {
  if (measuring !== undefined) return async () => measuring;
  if (definition.log === undefined) return undefined;
  if (definition.log.form === 'histogram') return async () => HISTOGRAM_FORM;
  return async () => 'none was given, expected --log PATH, which measures and merges them';
}

/** Throws the error, which names the option where it is of arms that were picked by hand. */
function ofOption(error: unknown): never {
  const isOfAdded = error instanceof DomainError && error.place.pointer?.startsWith('/handPicked');
  throw isOfAdded ? error.at({ file: '--add' }) : error;
}

async function requestOf(options: ArmsOptions, clock: Clock): Promise<ExperimentRequest> {
  const {
    name,
    arms,
    add = [],
    days,
    units,
    coverage,
    control,
    unit,
    seed,
    generator,
    promised,
    feasible,
  } = options;
  const { start = dayOf(clock()), log, merge, top } = options;
  if (units !== undefined && !Number.isInteger(units)) {
    throw new DomainError('experiment_invalid', `${units} users: expected a whole number`, {
      file: '--units',
    });
  }
  return parseWith(
    experimentRequestSchema,
    {
      name,
      arms,
      handPicked: await handPickedArms(add),
      window: { start, end: daysAfter(start, days) },
      units,
      coverage,
      controlShare: control,
      unit,
      seed,
      generator,
      promised,
      offlineFeasibility: feasible,
      ...(log !== undefined && { merge: { above: merge, cutoff: top } }),
    },
    'experiment_invalid',
  );
}

async function loadArmLog(stored: StoredStudy, path: string, { memory, workers }: ArmsOptions) {
  const { definition } = stored;
  const { checkRanks, tuningLog } = await import('../../service/tuning-log.ts');
  checkRanks(definition);
  process.stderr.write(`reading ${path}\n`);
  const { loadLog } = await import('../../service/load-log.ts');
  const { sweepMemory } = await import('../../service/sweep-memory.ts');
  const loaded = await loadLog(definition, path, {
    memoryBudget: memory,
    furtherMemory: sweepMemory(definition, workers),
    httpfs: httpfsFile(),
  });
  const log = tuningLog(stored, loaded);
  return { log, of: (pool: ServiceContext['pool']) => armLog(definition, log, pool) };
}

async function agreementsOf({ arms }: StoredExperiment, log: ArmLog, cutoff: number): Promise<ArmAgreements> {
  const taus = await log.agreements(
    arms.map(({ weights }) => weights),
    cutoff,
  );
  return { cutoff, taus };
}

async function print(
  context: ServiceContext,
  experiment: StoredExperiment,
  options: ArmsOptions,
  agreements: ArmAgreements | undefined,
): Promise<void> {
  const { db, json, round } = options;
  if (options.export !== undefined) {
    const payload = await exportExperiment(
      context,
      experiment.study,
      experiment.number,
      options.export,
      round === undefined ? undefined : options.coverage,
    );
    process.stdout.write(`${JSON.stringify(payload, null, 2)}\n`);
    if (round === undefined) {
      process.stderr.write(
        `round ${experiment.number} of ${experiment.study} is planned and stored in ${db}\n`,
      );
      for (const note of experiment.provenance.notes) process.stderr.write(`note: ${note}\n`);
    }
    return;
  }
  process.stdout.write(
    json === true
      ? `${JSON.stringify(experiment, null, 2)}\n`
      : `${formatExperiment(experiment, { db, agreements }, process.stdout.columns)}\n`,
  );
}
