import { formatInspection } from './format-inspection.ts';
import { httpfsFile } from './httpfs-file.ts';
import { checkHasPath, logLocation, logText } from './log-location.ts';
import { readPartialStudyFile } from './study-file.ts';
import { withFile } from './with-file.ts';

export interface InspectOptions {
  readonly log?: string;
  /** Bytes that reading the log may take. */
  readonly memory?: number;
  /** A folder for figures. */
  readonly svg?: string;
  readonly json?: boolean;
}

/** Prints what the log of a study holds. Nothing is stored; warnings do not change the exit code. */
export async function runInspect(file: string, options: InspectOptions): Promise<void> {
  const { definition, locate } = await readPartialStudyFile(file);
  const location = logLocation(file, definition, options.log);
  try {
    checkHasPath(definition, options.log);
    if (definition.log !== undefined) process.stderr.write(`reading ${logText(location)}\n`);
    const { inspectLog } = await import('../service/inspect-log.ts');
    const { writeReliability } = await import('./write-reliability.ts');
    const { paths, folder } = location;
    const { svg, memory } = options;
    const inspection = await inspectLog(definition, paths, {
      folder,
      memoryBudget: memory,
      httpfs: httpfsFile(),
      ...(svg !== undefined && { onReliability: (heads) => writeReliability(heads, svg) }),
    });
    const report =
      options.json === true
        ? JSON.stringify(inspection, null, 2)
        : formatInspection(inspection, process.stdout.columns);
    process.stdout.write(`${report}\n`);
  } catch (error) {
    throw locate(withFile(error, { study_unsupported: file, log_invalid: logText(location) }));
  }
}
