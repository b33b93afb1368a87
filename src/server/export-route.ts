import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import { parseWith } from '../domain/schema.ts';
import { exportTrials, type TrialExport } from '../service/export-trials.ts';
import type { StoredTrial } from '../service/read-history.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { csvRecord, type CsvValue } from './csv.ts';
import { exportQuerySchema } from './list-queries.ts';
import { trialResource } from './resources.ts';

const TYPES = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

/** A client that reads nothing for so long is taken for gone: it holds a place. */
const LONGEST_PAUSE_MS = 60_000;

/** `GET trials:export`: all trials as lines, written as fast as the client reads them. */
export function exportRoute(context: Pick<ServiceContext, 'store'>): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { format, ...filter } = parseWith(exportQuerySchema, request.query, 'request_invalid');
    const { id } = request.params;
    const found = await exportTrials(context, id, filter);
    response.attachment(`${id}.${format}`).type(TYPES[format]);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.setTimeout(LONGEST_PAUSE_MS, () => response.destroy());
    const lines = format === 'csv' ? csvLines(found) : jsonLines(found);
    try {
      await pipeline(Readable.from(lines, { objectMode: false, highWaterMark: 65_536 }), response);
    } catch (error) {
      // A client that leaves is no fault; the answer is cut already.
      if (!isClientGone(error)) throw error;
    }
  };
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

async function* jsonLines({ chunks }: TrialExport): AsyncGenerator<string> {
  for await (const trials of chunks) {
    if (trials.length > 0) yield trials.map((trial) => `${JSON.stringify(trialResource(trial))}\n`).join('');
  }
}

async function* csvLines({ weights, metrics, chunks }: TrialExport): AsyncGenerator<string> {
  const measured = metrics.flatMap((metric) =>
    ['mean', 'sem', 'n'].map((part) => `metrics.${metric}.${part}`),
  );
  yield csvRecord([
    'number',
    'state',
    'generator',
    ...weights.map((name) => `weights.${name}`),
    ...measured,
    'clientId',
    'leaseExpiresAt',
    'reason',
    'note',
    'createdAt',
    'completedAt',
  ]);
  for await (const trials of chunks) {
    if (trials.length > 0) yield trials.map((trial) => csvRecord(fieldsOf(trial, weights, metrics))).join('');
  }
}

function fieldsOf(
  trial: StoredTrial,
  weights: readonly string[],
  metrics: readonly string[],
): readonly CsvValue[] {
  const { leaseExpiresAt, clientId, reason, createdAt, completedAt } = trialResource(trial);
  const { generator, note = null } = trial.provenance;
  return [
    trial.number,
    trial.state,
    generator,
    ...weights.map((name) => trial.weights?.[name] ?? null),
    ...metrics.flatMap((metric) => {
      const { mean = null, sem = null, n = null } = trial.observations[metric] ?? {};
      return [mean, sem, n];
    }),
    clientId,
    leaseExpiresAt,
    reason,
    note,
    createdAt,
    completedAt,
  ];
}
