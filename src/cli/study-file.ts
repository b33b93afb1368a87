import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { DomainError, keysOf } from '../domain/errors.ts';
import { checkDepth } from '../domain/json-value.ts';
import { parseWith } from '../domain/schema.ts';
import { studySchema } from '../domain/study-rules.ts';
import { type PartialStudyDefinition, partialStudySchema, type StudyDefinition } from '../domain/study.ts';
import { checkYamlDepth } from './yaml-depth.ts';

/** What yaml's own words would leave unclear. */
const SYNTAX: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands there twice: expected each key once',
  MULTIPLE_DOCS: 'holds more than one YAML document: expected one',
};

const LARGEST_STUDY_FILE = 1024 * 1024;

/** A study with the places of its parts in the file. */
export interface StudyFile<Definition = StudyDefinition> {
  readonly definition: Definition;
  /** The error with the file and line that its JSON pointer stands for; other errors as they are. */
  readonly locate: (error: unknown) => unknown;
}

/**
 * Reads and validates a study file (YAML, of which JSON is a part).
 *
 * Throws `study_invalid` with the file, the line and the key of each problem.
 */
export async function readStudyFile(
  file: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<StudyFile> {
  return readDefinition(file, studySchema, overrides);
}

/** The same of a file that need not be a whole study: no name, weights or objective yet, and no rules between its parts. */
export async function readPartialStudyFile(file: string): Promise<StudyFile<PartialStudyDefinition>> {
  return readDefinition(file, partialStudySchema, {});
}

async function readDefinition<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  overrides: Readonly<Record<string, unknown>>,
): Promise<StudyFile<z.output<Schema>>> {
  const text = await readText(file);
  const lines = new LineCounter();
  checkYamlDepth(text, file);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line } = lines.linePos(syntax.pos[0]);
    throw new DomainError('study_invalid', SYNTAX[syntax.code] ?? `is not YAML: ${syntax.message}`, {
      file,
      line,
    });
  }
  const content = toValue(document, file);
  checkDepth(content, 'study_invalid', { file });
  const placeOf = (pointer: string): { readonly line?: number } => {
    const line = lineOf(document, lines, pointer);
    return line === undefined ? {} : { line };
  };
  const locate = (error: unknown): unknown => {
    if (!(error instanceof DomainError) || error.place.pointer === undefined) return error;
    if (error.code === 'database_invalid') return error;
    if (error.place.file !== undefined && error.place.file !== file) return error;
    const { code, message, place, details } = error;
    const errors = details.errors?.map((problem) => ({ ...problem, ...placeOf(problem.pointer) }));
    const located = new DomainError(code, message, place, { ...details, ...(errors && { errors }) });
    return located.at({ file, ...placeOf(error.place.pointer) });
  };
  try {
    return {
      definition: parseWith(schema, { ...content, ...overrides }, 'study_invalid', { file }),
      locate,
    };
  } catch (error) {
    throw locate(error);
  }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_STUDY_FILE) {
      throw new DomainError('study_invalid', `has ${size} bytes: expected a study file of at most 1 MiB`, {
        file,
      });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const found =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw new DomainError('study_invalid', `${found}: expected a study file`, { file });
  }
}

function toValue(document: Document, file: string): object {
  const expected = 'expected a mapping with name, weights, objective, …';
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new DomainError('study_invalid', `is not YAML: ${(error as Error).message}`, { file });
  }
  if (value === null || value === undefined)
    throw new DomainError('study_invalid', `is empty: ${expected}`, { file });
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new DomainError('study_invalid', `does not hold a mapping: ${expected}`, { file });
  }
  return value;
}

/** The line of the deepest part of the pointer that stands in the document: of its key, or of its place in a list. */
function lineOf(document: Document, lines: LineCounter, pointer: string): number | undefined {
  const path = keysOf(pointer);
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === path[depth - 1])
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
