import { randomUUID } from 'node:crypto';
import type { ProcessInstance } from '../service/process-instance.ts';

/**
 * This process, by its number and a random name: where another run has had the same number, as the first process of a
 * container does, that run has ended.
 */
export function processInstance(): ProcessInstance {
  const { pid } = process;
  return {
    id: `${pid}.${randomUUID()}`,
    isAlive(id) {
      const other = Number.parseInt(id, 10);
      return other !== pid && exists(other);
    },
    working: new Set(),
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
