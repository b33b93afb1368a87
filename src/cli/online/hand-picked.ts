import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import { type ExperimentRequest, handPickedArmSchema } from '../../domain/experiment.ts';
import { parseWith } from '../../domain/schema.ts';

type HandPicked = ExperimentRequest['handPicked'];

const LARGEST_FILE = 1024 * 1024;

/** Arms by name, or a list of them. */
const fileSchema = z.union(
  [z.array(handPickedArmSchema), z.record(z.string(), handPickedArmSchema.shape.weights)],
  { error: 'expected ARM: {WEIGHT: number, …} for each arm, or a list of {name, weights}' },
);

/**
 * Arms that were picked by hand: `click=0.5,save=0.5`, with a name before it (`bold: click=0.5,save=0.5`) or without, or a file (YAML,
 * JSON) of arms.
 *
 * Throws `experiment_invalid`, with the option or the file.
 */
export async function handPickedArms(texts: readonly string[]): Promise<HandPicked> {
  const arms: HandPicked[] = [];
  for (const text of texts) arms.push(text.includes('=') ? [armOfText(text)] : await armsOfFile(text));
  return arms.flat();
}

function armOfText(text: string): HandPicked[number] {
  const named = /^([^=]+?):(.+)$/.exec(text);
  const pairs = (named?.[2] ?? text).split(',').map((part) => part.split('='));
  const wrong = pairs.find(
    (pair) =>
      pair.length !== 2 ||
      pair[0]!.trim() === '' ||
      pair[1]!.trim() === '' ||
      !Number.isFinite(Number(pair[1])),
  );
  if (wrong !== undefined) throw notWeights(`"${wrong.join('=').trim()}" is no weight`);
  const names = pairs.map(([name]) => name!.trim());
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw notWeights(`"${twice}" has two weights`);
  return parseWith(
    handPickedArmSchema,
    {
      ...(named !== null && { name: named[1]!.trim() }),
      weights: Object.fromEntries(pairs.map(([, value], i) => [names[i]!, Number(value)])),
    },
    'experiment_invalid',
    { file: '--add' },
  );
}

function notWeights(message: string): DomainError {
  return new DomainError(
    'experiment_invalid',
    `${message}: expected weights such as click=0.5,save=0.5, or NAME: before them`,
    { file: '--add' },
  );
}

async function armsOfFile(file: string): Promise<HandPicked> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new DomainError(
      'experiment_invalid',
      `${found}: expected arms, or weights such as click=0.5,save=0.5`,
      {
        file,
      },
    );
  }
  if (text.length > LARGEST_FILE) {
    throw new DomainError(
      'experiment_invalid',
      `has ${text.length} characters: expected arms in at most 1 MiB`,
      { file },
    );
  }
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100, prettyErrors: false });
  } catch (error) {
    throw new DomainError('experiment_invalid', `is not YAML: ${(error as Error).message}`, { file });
  }
  const arms = parseWith(fileSchema, value, 'experiment_invalid', { file });
  if (Array.isArray(arms)) return arms;
  return Object.entries(arms).map(([name, weights]) =>
    parseWith(handPickedArmSchema, { name, weights }, 'experiment_invalid', { file }),
  );
}
