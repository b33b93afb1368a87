// Starts the processes of the service where they cannot start, and prints how each ended. The first argument says why they cannot.
import { openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { startMeasuringProcess, startSweepProcess } from '../../src/cli/start-log-process.ts';
import { startReadoutProcess } from '../../src/cli/start-readout-process.ts';
import type { MeasuringOrder } from '../../src/service/measuring-messages.ts';
import type { ReadoutTask } from '../../src/service/readout-process.ts';

const [why] = process.argv.slice(2);
// A pipe that is opened only now would take a file that is not to be had then.
process.stdout.write('');
if (why === 'ENOENT') process.execPath = '/nowhere/node';
else takeAllFiles();

const readout = startReadoutProcess({} as ReadoutTask);
const measuring = startMeasuringProcess(() => undefined);
measuring.tell({ kind: 'measure', points: [] } satisfies MeasuringOrder);
const sweep = startSweepProcess(() => undefined);
sweep.kill();
const ends = [await readout.ended, await measuring.exited, await sweep.exited];
measuring.tell({ kind: 'measure', points: [] } satisfies MeasuringOrder);
measuring.kill();
readout.kill();
// What nobody awaits would be told in this turn.
await setTimeout(50);
process.stdout.write(JSON.stringify(ends));

function takeAllFiles(): void {
  for (;;) {
    try {
      openSync('/dev/null', 'r');
    } catch {
      return;
    }
  }
}
