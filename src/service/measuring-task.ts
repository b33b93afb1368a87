import { DomainError } from '../domain/errors.ts';
import type { ArmLog } from './arm-log.ts';
import { openComputePool } from './compute-pool.ts';
import { armLog } from './log-arms.ts';
import { loadLog } from './load-log.ts';
import type { MeasuringAnswer, MeasuringOrder, MeasuringTask } from './measuring-messages.ts';
import { problemWithoutPaths } from './problem-without-paths.ts';
import { loadRegistered, type RegisteredLog } from './registered-log.ts';
import { sweepMemory } from './sweep-memory.ts';
import { checkRanks, tuningLog } from './tuning-log.ts';

/** Answers orders about one log as `pondera arms --log` sees it, in the process that the service has given to it. Throws nothing. */
export function createMeasurer(): (order: MeasuringOrder) => Promise<MeasuringAnswer> {
  let dataset: RegisteredLog = { name: '', files: [], fingerprint: '' };
  let log: ArmLog | undefined;
  const answer = async (order: MeasuringOrder): Promise<MeasuringAnswer> => {
    if (order.kind === 'read') {
      ({ dataset } = order.task);
      log = await readArmLog(order.task);
      return { kind: 'read', spreads: log.spreads };
    }
    if (log === undefined) throw new RangeError(`asked to ${order.kind} before any log was read`);
    if (order.kind === 'measure') return { kind: 'measure', metrics: await log.measure(order.points) };
    const agreements = await log.agreements(order.points, order.cutoff);
    return { kind: 'compare', taus: Array.from(agreements, (tau) => (Number.isNaN(tau) ? null : tau)) };
  };
  return async (order) => {
    try {
      return await answer(order);
    } catch (error) {
      const line = error instanceof DomainError ? error.line : String((error as Error).stack);
      return { kind: 'failed', problem: problemWithoutPaths(error, dataset), line };
    }
  };
}

/** The part of the dataset that the study's trials were scored on. */
async function readArmLog({ study, dataset, threads, memory }: MeasuringTask): Promise<ArmLog> {
  const { definition } = study;
  checkRanks(definition);
  const loaded = await loadRegistered(dataset, (files) =>
    loadLog(definition, files, {
      memoryBudget: memory,
      furtherMemory: sweepMemory(definition, threads),
    }),
  );
  const log = tuningLog(study, loaded);
  return armLog(definition, log, openComputePool(threads, log));
}
