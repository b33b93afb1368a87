import type { Command } from 'commander';
import type { Clock } from '../service/clock.ts';
export function addServeCommand(program: Command, clock: Clock): void {
  void program;
  void clock;
}
