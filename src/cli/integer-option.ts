import { InvalidArgumentError } from 'commander';

/** Parses an option's whole number within bounds; commander tells the user where it is not one. */
export function integerOption(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < lowest || value > highest) {
      throw new InvalidArgumentError(`Expected a whole number from ${lowest} to ${highest}.`);
    }
    return value;
  };
}
