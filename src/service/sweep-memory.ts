import type { StudyDefinition } from '../domain/study.ts';
import { evaluationMemory } from '../evaluator/evaluation-memory.ts';
import { comparedMetrics } from './compared-metrics.ts';
import { scoredMetrics } from './evaluated-metrics.ts';
import { evaluationsAtOnce } from './evaluations-at-once.ts';

/**
 * Bytes that a sweep takes besides the log that it reads: what its workers evaluate with and, where a part is held out, both
 * parts, which are copies.
 */
export function sweepMemory(
  definition: StudyDefinition,
  workers: number,
  replicates = 0,
): (rows: number, bytesPerRow: number) => number {
  return (rows, bytesPerRow) => {
    const heads = Object.keys(definition.heads ?? {});
    const scored = scoredMetrics(definition, heads);
    const names = new Set(scored.map(({ name }) => name));
    const metrics = [...scored, ...comparedMetrics(heads).filter(({ name }) => !names.has(name))];
    const combinations = Object.keys(definition.derived ?? {}).length;
    const atOnce = evaluationsAtOnce(rows, workers);
    const evaluating = evaluationMemory(rows, { metrics, combinations, workers, atOnce, replicates });
    return evaluating + (definition.holdout === undefined ? 0 : rows * bytesPerRow);
  };
}
