import { sampleGuardrails } from '../domain/sample-guardrails.ts';
import type { StudyDefinition } from '../domain/study.ts';

/** Trials of a sweep whose study does not say how many. */
const DEFAULT_BUDGET = 40;

/** Φ(1.645) = 0.95: a guardrail that truly just fails is called met in one log of twenty. */
const DEFAULT_GUARDRAIL_MARGIN = 1.645;

/** A study on a log, with what a sweep takes where it did not say. */
export type SweptStudy = StudyDefinition & { readonly budget: number };

export function withDefaults(study: StudyDefinition): SweptStudy {
  const { budget = DEFAULT_BUDGET, log } = study;
  const { guardrailMargin = log?.form === 'histogram' ? 0 : DEFAULT_GUARDRAIL_MARGIN } = study;
  const guardrails = [...study.guardrails, ...sampleGuardrails(study)];
  return { ...study, guardrails, budget, guardrailMargin };
}
