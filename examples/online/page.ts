import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One command of the walk-through, and what the page shows of its output. */
export interface Step {
  readonly command: string;
  /** Paragraphs of the output that are shown, by number from 1; undefined where none are. */
  readonly paragraphs: readonly number[] | undefined;
  readonly shown: string | undefined;
  /** Where the text that is shown begins and ends in the page. */
  readonly from: number;
  readonly to: number;
}

/** A command, then perhaps what it shows, of which the comment says the paragraphs; all where it names none. */
const STEP =
  /```sh\n(?<command>[^`]*)\n```\n(?:\n<!-- shows ?(?<paragraphs>[\d ]*) -->\n\n```text\n(?<shown>(?:[^]*?\n)??)```\n)?/g;

const BETWEEN = '\n\n…\n\n';

/** The commands of the page in their order. */
export function stepsOf(page: string): readonly Step[] {
  return Array.from(page.matchAll(STEP), (match) => {
    const { command, paragraphs, shown } = match.groups as Record<string, string | undefined>;
    const from = match.index + match[0].lastIndexOf(`${shown ?? ''}\`\`\``);
    return {
      command: command!,
      paragraphs: paragraphs
        ?.split(' ')
        .filter((number) => number !== '')
        .map(Number),
      shown,
      from,
      to: from + (shown?.length ?? 0),
    };
  });
}

/** What the page shows of an output. */
export function excerptOf(output: string, paragraphs: readonly number[]): string {
  const all = output.trimEnd().split('\n\n');
  if (paragraphs.length === 0) return `${all.join('\n\n')}\n`;
  let text = '';
  let last = 0;
  for (const number of paragraphs) {
    const gap = number === last + 1 ? (last === 0 ? '' : '\n\n') : last === 0 ? '…\n\n' : BETWEEN;
    text += `${gap}${all[number - 1] ?? `(no paragraph ${number})`}`;
    last = number;
  }
  return last < all.length ? `${text}\n\n…\n` : `${text}\n`;
}

/** Makes a folder in which the commands find what they find in the project's, and may write. */
export function prepareFolder(folder: string, root: string): void {
  for (const name of ['examples', 'dist']) symlinkSync(join(root, name), join(folder, name));
}

/** Runs a command in a prepared folder; what it prints. Throws where it fails. */
export function runStep({ command }: Step, folder: string): string {
  const line = command.replaceAll('npx pondera', 'node dist/src/cli/main.js');
  return execFileSync('sh', ['-c', line], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_V8_COVERAGE: '' },
  });
}
