/** How long a call takes. */
export function milliseconds(call: () => void): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}
