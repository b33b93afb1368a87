import { text } from 'node:stream/consumers';
import type { CommandLine, Printed } from './command-lines.ts';

const MAIN = new URL('../../src/cli/main.js', import.meta.url).href;
const print = process.stdout.write.bind(process.stdout);
process.setMaxListeners(0);
process.stdout.setMaxListeners(0);
process.stderr.setMaxListeners(0);

const commandLines = JSON.parse(await text(process.stdin)) as readonly CommandLine[];
const printed: Printed[] = [];
for (const [i, commandLine] of commandLines.entries()) printed.push(await run(commandLine, i));
process.exitCode = 0;
print(JSON.stringify(printed));

async function run({ args, cwd }: CommandLine, number: number): Promise<Printed> {
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  process.chdir(cwd);
  process.argv = [process.execPath, 'pondera', ...args];
  process.exitCode = 0;
  await import(`${MAIN}?${number}`);
  return { stdout: stdout(), stderr: stderr(), code: exitCode() };
}

function exitCode(): number {
  return Number(process.exitCode);
}

/** From here on, what is written to the stream is kept instead. */
function capture(stream: NodeJS.WriteStream): () => string {
  let written = '';
  stream.write = (chunk: string | Uint8Array): boolean => {
    written += String(chunk);
    return true;
  };
  return () => written;
}
