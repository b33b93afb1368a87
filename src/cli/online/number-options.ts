import { InvalidArgumentError } from 'commander';

/** Parses a number above 0, up to `most`. */
export function positiveOption(most = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll(/[_,]/g, ''));
    if (text.trim() !== '' && value > 0 && value <= most && Number.isFinite(value)) return value;
    const upTo = most === Infinity ? '' : `, up to ${most}`;
    throw new InvalidArgumentError(`Expected a number above 0${upTo}.`);
  };
}

/** Parses a number above 0 and below 1. */
export function fractionOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a number between 0 and 1.');
}

/** Parses the share of the baseline. */
export function controlShareOption(text: string): 'equal' | 'sharpest' | number {
  if (text === 'equal' || text === 'sharpest') return text;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected equal, sharpest or a share between 0 and 1.');
}
