import type { StoredDataset } from '../../store/datasets.ts';
import type { StoredStudy } from '../../store/studies.ts';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { defaultMemoryBudget } from '../evaluator/log/memory-budget.ts';
import type { ArmLog } from './arm-log.ts';
import { type AskedProcess, askProcess } from './ask-process.ts';
import { usableFiles } from './dataset-files.ts';
import type { StartLogProcess } from './log-process.ts';
import type { MeasuringAnswer, MeasuringOrder } from './measuring-messages.ts';
import type { SweepDeskOptions } from './sweep-desk-options.ts';
import { createTurns } from './turns.ts';

/** What the service measures arms with: places of their own beside those of sweeps, as many and as large. */
export interface MeasuringDeskOptions extends Pick<SweepDeskOptions, 'root' | 'most' | 'threads' | 'memory'> {
  readonly start: StartLogProcess<MeasuringOrder, MeasuringAnswer>;
  /** Told what the operator should know, paths included. */
  readonly onFailure: (study: string, line: string) => void;
}

/** A dataset that a process has read. */
export interface OpenedArmLog {
  readonly log: ArmLog;
  /** Ends the process. */
  readonly close: () => void;
}

/** Where arms are measured on datasets, each time in a process of its own. */
export interface MeasuringDesk {
  /** Those that wait for a place. */
  waiting(): number;
  /** Processes of which something is left. */
  working(): number;
  /**
   * A study's dataset, once there is a place and a process has read it. The process is killed as soon as the signal is aborted, and
   * what was asked of it is rejected by the signal's reason.
   *
   * Throws `dataset_unusable`, and without any path what `loadLog` and `tuningLog` throw.
   */
  open(study: StoredStudy, dataset: StoredDataset, giveUp?: AbortSignal): Promise<OpenedArmLog>;
  /** Ends all. Resolves when nothing is left of any process. */
  stop(): Promise<void>;
}

type Measurer = AskedProcess<MeasuringOrder, MeasuringAnswer>;
type Answered<Kind> = Extract<MeasuringAnswer, { readonly kind: Kind }>;

export function createMeasuringDesk(options: MeasuringDeskOptions): MeasuringDesk {
  const { root, most, threads, memory = defaultMemoryBudget() / most, start, onFailure } = options;
  const turns = createTurns(most);
  const working = new Set<Measurer>();
  let isStopping = false;

  const startFor = (study: string, dataset: string, giveUp: AbortSignal, leave: () => void): Measurer => {
    const process = askProcess(start, giveUp, (how, stderr) => {
      const error = brokenDown(dataset, how);
      onFailure(study, `${error.message} ${stderr}`.trim());
      return error;
    });
    working.add(process);
    void whenEnded(process, leave);
    return process;
  };
  const whenEnded = async (process: Measurer, leave: () => void): Promise<void> => {
    await process.ended;
    working.delete(process);
    leave();
  };
  const begin = async (study: string, dataset: StoredDataset, giveUp: AbortSignal) => {
    const leave = await turns.take(giveUp);
    try {
      const files = await usableFiles(dataset, root);
      if (isStopping) throw stopping();
      return { files, process: startFor(study, dataset.name, giveUp, leave) };
    } catch (error) {
      leave();
      throw error;
    }
  };
  return {
    waiting: () => turns.waiting(),
    working: () => turns.taken(),
    async open({ definition, logFingerprint }, dataset, giveUp = NEVER) {
      const { name, fingerprint } = dataset;
      const { files, process } = await begin(definition.name, dataset, giveUp);
      const answer = async <Kind extends MeasuringOrder['kind']>(
        order: MeasuringOrder & { readonly kind: Kind },
      ): Promise<Answered<Kind>> => {
        const told = await process.ask(order);
        if (told.kind !== 'failed') return told as Answered<Kind>;
        if (told.problem.code === 'internal') throw new Error(told.line);
        onFailure(definition.name, told.line);
        throw new DomainError(told.problem.code as ErrorCode, told.problem.detail);
      };
      try {
        const study = { definition, logFingerprint };
        const task = { study, dataset: { name, files, fingerprint }, threads, memory };
        const { spreads } = await answer({ kind: 'read', task });
        const log: ArmLog = {
          spreads,
          measure: async (points) => (await answer({ kind: 'measure', points })).metrics,
          async agreements(points, cutoff) {
            const { taus } = await answer({ kind: 'compare', points, cutoff });
            return Float64Array.from(taus, (tau) => tau ?? NaN);
          },
        };
        return { log, close: () => process.end(new RangeError('asked after its end')) };
      } catch (error) {
        process.end(error as Error);
        throw error;
      }
    },
    async stop() {
      isStopping = true;
      const left = [...working];
      for (const process of left) process.end(stopping());
      await Promise.all(left.map(({ ended }) => ended));
    },
  };
}

const NEVER = new AbortController().signal;

function brokenDown(dataset: string, how: string): DomainError {
  return new DomainError(
    'dataset_unusable',
    `the process that measured arms on dataset "${dataset}" was ended (${how}), perhaps for want of memory: expected less of it (--memory), or the same request again`,
  );
}

function stopping(): DomainError {
  return new DomainError(
    'service_stopping',
    'the service is stopping and gave the work up, nothing of it is stored: expected a new request',
  );
}
