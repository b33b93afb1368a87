/** How long a call takes. */
export function milliseconds(call: () => void): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}

/** How long a call keeps processors busy, those of the process's other threads too. */
export function processorMilliseconds(call: () => void): number {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
