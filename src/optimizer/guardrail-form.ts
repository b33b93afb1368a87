import type { Guardrail } from '../domain/guardrail.ts';

/** What a guardrail's constant c is: the factor of `c * baseline`, the a of `baseline ± a` with its sign, or the bound itself. */
export type GuardrailForm = 'multiple' | 'difference' | 'value';

/** `METRIC >= baseline` is a multiple, unless the baseline has no multiples that say what is meant. */
export function formOf({ factor, offset }: Guardrail, baseline: number | undefined): GuardrailForm {
  if (factor === 0) return 'value';
  return factor === 1 && (offset !== 0 || !(baseline !== undefined && baseline > 0))
    ? 'difference'
    : 'multiple';
}

/** The guardrail with another constant. */
export function guardrailAt({ metric, relation }: Guardrail, form: GuardrailForm, c: number): Guardrail {
  if (form === 'multiple') return { metric, relation, factor: c, offset: 0 };
  return { metric, relation, factor: form === 'difference' ? 1 : 0, offset: c };
}
