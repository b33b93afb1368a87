import { DomainError } from '../domain/errors.ts';
import type { StudyDefinition } from '../domain/study.ts';
import { fingerprint } from '../evaluator/fingerprint.ts';
import type { BinnedLog } from '../evaluator/histogram/binned-log.ts';
import { openBinnedLog } from '../evaluator/histogram/open-binned-log.ts';
import { findLogFiles } from '../evaluator/log/find-log-files.ts';
import { defaultMemoryBudget, LogTooLargeError } from '../evaluator/log/memory-budget.ts';
import { binsOf, histogramProblem, metricsNamed } from './histogram-form.ts';
import { inOrderOfName, type LoadedLog, loadLog, type LoadOptions } from './load-log.ts';

/** A log that stays in its files, with its fingerprint. Must be closed. */
export interface OpenedLog {
  readonly log: BinnedLog;
  readonly fingerprint: string;
}

export interface FormOptions extends LoadOptions {
  /** Whether the result is to be bootstrapped. */
  readonly isBootstrapped: boolean;
  /** Told in a line where the log is not read into memory. */
  readonly onHistogram: (line: string) => void;
}

/**
 * The log of a study in the form that the study says: in memory, or in its files. Where it does not say, in its files if memory
 * does not hold it.
 *
 * Throws `study_unsupported` where the study asks for what the histogram form does not have, else what `loadLog` and
 * `openBinnedLog` throw.
 */
export async function loadInForm(
  study: StudyDefinition,
  paths: string | readonly string[],
  options: FormOptions,
): Promise<LoadedLog | OpenedLog> {
  const bins = binsOf(study).toLocaleString('en');
  const form = `histogram form, ${bins} bins of utility: the log stays in its files, each evaluation scans them, values have bounds`;
  if (study.log?.form !== 'histogram') {
    try {
      return await loadLog(study, paths, options);
    } catch (error) {
      if (!(error instanceof LogTooLargeError) || study.log?.form === 'rows') throw error;
      const problem = histogramProblem(study, options.isBootstrapped);
      if (problem !== undefined) throw beyondBoth(error, problem);
      options.onHistogram(`more than memory may hold; ${form}`);
    }
  } else {
    const problem = histogramProblem(study, options.isBootstrapped);
    if (problem !== undefined) throw problem;
    options.onHistogram(form);
  }
  return open(study, paths, options);
}

function beyondBoth(tooLarge: DomainError, { message, place }: DomainError): DomainError {
  const [reason] = message.split(': expected');
  return new DomainError(
    tooLarge.code,
    `${tooLarge.message}; the histogram form, which takes less, is not for this study: ${(place.pointer ?? '').slice(1).replaceAll('/', '.')}: ${reason}`,
    tooLarge.place,
  );
}

async function open(
  study: StudyDefinition,
  paths: string | readonly string[],
  { folder = '', memoryBudget, httpfs }: FormOptions,
): Promise<OpenedLog> {
  const { log, heads, baseline } = study;
  if (log === undefined || heads === undefined) throw new RangeError('the study has no log');
  const files = await findLogFiles(paths, folder, httpfs);
  const opened = await openBinnedLog({
    path: files,
    httpfs,
    request: log.request,
    nullScores: log.nullScores,
    weight: log.weight,
    segment: log.segment,
    heads: inOrderOfName(heads),
    baselineScore: baseline !== undefined && 'scoreColumn' in baseline ? baseline.scoreColumn : undefined,
    bins: binsOf(study),
    metrics: metricsNamed(study),
    memoryBudget: memoryBudget ?? defaultMemoryBudget(),
  });
  try {
    return { log: opened, fingerprint: await fingerprint(files, httpfs) };
  } catch (error) {
    opened.close();
    throw error;
  }
}
