import { InvalidArgumentError } from 'commander';
import type { Tolerance } from '../service/explain.ts';

/** Parses `0.5%`, a share, or `0.001`, an amount; commander tells the user where it is neither. */
export function toleranceOption(text: string): Tolerance {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:e(-?\d+))?\s*(%?)$/i.exec(text);
  const value = match === null ? NaN : Number(`${match[1]}e${match[2] ?? 0}`);
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('Expected a share such as 0.5%, or an amount such as 0.001.');
  }
  return match![3] === '%' ? { share: value / 100 } : { amount: value };
}
