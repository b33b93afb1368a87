import { DomainError } from './errors.ts';
import { type Guardrail, guardrailSchema } from './guardrail.ts';
import { sampleGuardrails } from './sample-guardrails.ts';
import { parseWith } from './schema.ts';
import { studySchema } from './study-rules.ts';
import type { StudyDefinition } from './study.ts';

/**
 * The study with other guardrails on the metrics that these are of, and its own on all others; those that bound the samples of
 * counterfactual metrics (`sampleGuardrails`) come along, but on what has a guardrail already.
 *
 * Throws `study_invalid` for a text that is no guardrail, and for guardrails that the study's rules refuse, such as two that
 * no value meets.
 */
export function withGuardrails(definition: StudyDefinition, texts: readonly string[]): StudyDefinition {
  const given = texts.map((text): Guardrail => parseWith(guardrailSchema, text, 'study_invalid'));
  const replaced = new Set(given.map(({ metric }) => metric));
  const kept = definition.guardrails.filter(({ metric }) => !replaced.has(metric));
  const replacing = [...kept, ...given];
  const bounded = new Set(replacing.map(({ metric }) => metric));
  const samples = sampleGuardrails({ ...definition, guardrails: replacing });
  const changed = {
    ...definition,
    guardrails: [...replacing, ...samples.filter(({ metric }) => !bounded.has(metric))],
  };
  try {
    return parseWith(studySchema, changed, 'study_invalid');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // Pointers would be into a study that nobody has written down.
    const [first] = error.details.errors ?? [];
    throw new DomainError(error.code, first?.detail ?? error.message);
  }
}
