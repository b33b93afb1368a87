import { DomainError } from './errors.ts';
import { type Guardrail, guardrailSchema } from './guardrail.ts';
import { parseWith } from './schema.ts';
import { studySchema } from './study-rules.ts';
import type { StudyDefinition } from './study.ts';

/**
 * The study with other guardrails on the metrics that these are of, and its own on all others.
 *
 * Throws `study_invalid` for a text that is no guardrail, and for guardrails that the study's rules refuse, such as two that
 * no value meets.
 */
export function withGuardrails(definition: StudyDefinition, texts: readonly string[]): StudyDefinition {
  const given = texts.map((text): Guardrail => parseWith(guardrailSchema, text, 'study_invalid'));
  const replaced = new Set(given.map(({ metric }) => metric));
  const kept = definition.guardrails.filter(({ metric }) => !replaced.has(metric));
  const changed = { ...definition, guardrails: [...kept, ...given] };
  try {
    return parseWith(studySchema, changed, 'study_invalid');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // Pointers would be into a study that nobody has written down.
    const [first] = error.details.errors ?? [];
    throw new DomainError(error.code, first?.detail ?? error.message);
  }
}
