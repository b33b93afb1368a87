/**
 * The numbers with the last repeated up to a power of two, for a list of SQL: `in (…)` means the same, and lists of all lengths are a
 * few statements, which stay prepared, instead of one each.
 */
export function paddedNumbers(numbers: readonly number[]): readonly number[] {
  const last = numbers.at(-1);
  if (last === undefined) return numbers;
  const length = 2 ** Math.ceil(Math.log2(numbers.length));
  return [...numbers, ...Array<number>(length - numbers.length).fill(last)];
}
