import { withDerived } from '../domain/derived-metric.ts';
import { isBinned } from '../service/binned-log.ts';
import { metricCoverages } from '../service/metric-coverages.ts';
import type { SweepResult } from '../service/sweep.ts';
import { sweepReport } from '../service/sweep-report.ts';

/** The result of a sweep for machines: one JSON document without clock values, the same bytes for the same seed. */
export function jsonReport(result: SweepResult): string {
  const { definition, log, fingerprint, trials } = result;
  return JSON.stringify(
    {
      ...sweepReport(result),
      log: {
        sha256: fingerprint,
        rows: log.rows,
        ...(isBinned(log) ? { form: log.form, bins: log.bins } : { requests: log.requests }),
        droppedRows: log.droppedRows,
        metrics: metricCoverages(result),
        heads: Object.fromEntries(log.heads.map(({ name, calibration }) => [name, calibration])),
      },
      ...(result.holdout !== undefined && { holdout: result.holdout }),
      ...(result.bootstrap !== undefined && { bootstrap: result.bootstrap }),
      ...(result.samples !== undefined && { samples: result.samples }),
      disagreements: result.disagreements,
      trials: trials.map(({ number, state, weights, provenance, observations }) => ({
        number,
        state,
        weights,
        generator: provenance.generator,
        metrics: Object.fromEntries(
          Object.entries(withDerived(definition, observations)).map(([metric, { mean }]) => [metric, mean]),
        ),
        errors: Object.fromEntries(
          Object.entries(observations).map(([metric, { sem, changeSem = null, bounds }]) => [
            metric,
            bounds === undefined ? { sem, changeSem } : { sem, changeSem, bounds },
          ]),
        ),
      })),
    },
    null,
    2,
  );
}
