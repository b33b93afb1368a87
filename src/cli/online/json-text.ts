/** A JSON document; typed arrays as lists. */
export function jsonText(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each: unknown) => (each instanceof Float64Array ? Array.from(each) : each),
    2,
  );
}
