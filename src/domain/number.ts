import { z } from 'zod';

/** Beyond any measurement or weight: squares of such numbers, and products of them, stay finite in the models. */
export const LARGEST_NUMBER = 1e100;

/** Ends the parsing: rules between numbers would say nothing of use about such a one. */
const TOO_LARGE = {
  error: `is too large: expected a number of at most ${LARGEST_NUMBER} in size`,
  abort: true,
};

/** A number that computations can take: finite, and neither its square nor a product of two of them overflows. */
export const numberSchema = z.number().gte(-LARGEST_NUMBER, TOO_LARGE).lte(LARGEST_NUMBER, TOO_LARGE);

/** A whole number within bounds; a number outside them is told once, however large it is. */
export function wholeNumberSchema(lowest: number, highest: number, tooLarge?: string) {
  return z
    .number()
    .min(lowest, { abort: true })
    .max(highest, { abort: true, ...(tooLarge !== undefined && { error: tooLarge }) })
    .int();
}
