import { dirname } from 'node:path';
import { openStore } from '../../store/open.ts';
import { readStudyFile } from '../../src/cli/study-file.ts';
import { loadLog } from '../../src/service/load-log.ts';
import { sweep } from '../../src/service/sweep.ts';

export interface SweepRun {
  readonly trials: number;
  /** From the study file to the result: reading, calibrating, evaluating, fitting, storing. */
  readonly seconds: number;
  readonly readSeconds: number;
  /** Of all its threads. */
  readonly processorSeconds: number;
  /** Of the whole process, its threads included. */
  readonly peakMb: number;
}

const KB_PER_MB = 1024;

const [study = '', log = '', database = '', trials = '', workers = ''] = process.argv.slice(2);
const start = performance.now();
let readSeconds = 0;
const { definition } = await readStudyFile(study, trials === '' ? {} : { budget: Number(trials) });
const result = await sweep(definition, {
  loadLog: async () => {
    const from = performance.now();
    const loaded = await (log === ''
      ? loadLog(definition, definition.log!.path!, { folder: dirname(study) })
      : loadLog(definition, log));
    readSeconds = (performance.now() - from) / 1000;
    return loaded;
  },
  openStore: () => openStore(database),
  workers: Number(workers),
  clock: () => new Date().toISOString(),
  onProgress: () => {},
});
const { user, system } = process.cpuUsage();
const run: SweepRun = {
  trials: result.trials.filter(({ number }) => number > 0).length,
  seconds: (performance.now() - start) / 1000,
  readSeconds,
  processorSeconds: (user + system) / 1e6,
  peakMb: process.resourceUsage().maxRSS / KB_PER_MB,
};
process.send!(run);
process.disconnect();
