import type { StudyDefinition } from '../domain/study.ts';

/** A key, and what it was and is, in words. */
export interface StudyChange {
  readonly path: string;
  readonly text: string;
}

/** What differs between the forms of a log by default: not told where the form has changed. */
const OF_THE_FORM: ReadonlySet<string> = new Set(['log.form', 'log.bins', 'guardrailMargin']);

/** Longer values are cut. */
const LONGEST_SHOWN = 60;

/**
 * What a resumed study's file says otherwise than the stored study, one line each; empty when nothing matters.
 *
 * The budget, the step and what experiments are to find may change, and the log may move: its content is compared by fingerprint. The order of keys is of no account, and a form
 * that is not said is `rows`.
 */
export function studyChanges(stored: StudyDefinition, given: StudyDefinition): readonly StudyChange[] {
  const changes = [...differences(comparable(stored), comparable(given), '')];
  const form = changes.find(({ path }) => path === 'log.form');
  return form === undefined ? changes : [form, ...changes.filter(({ path }) => !OF_THE_FORM.has(path))];
}

function comparable({
  budget: _budget,
  step: _step,
  online: _online,
  log,
  ...rest
}: StudyDefinition): unknown {
  const isBinned = log?.form === 'histogram';
  const form = isBinned ? { form: log.form, bins: log.bins } : { form: 'rows', bins: undefined };
  return { ...rest, log: log && { ...log, path: undefined, ...form } };
}

function* differences(before: unknown, after: unknown, path: string): Generator<StudyChange> {
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[key], after[key], path === '' ? key : `${path}.${key}`);
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    yield { path, text: `${path} was ${shown(before)}, is ${shown(after)}` };
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}
