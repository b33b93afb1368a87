import { InvalidArgumentError } from 'commander';
import { integerOption } from '../../src/cli/integer-option.ts';

/** As many as one request can ask for. */
const LARGEST = 100;

const size = integerOption(1, LARGEST);

/** Parses sizes of batches, a comma list; commander tells the user where one is not a whole number. */
export function batchOption(text: string): readonly number[] {
  const sizes = text.split(',').map(size);
  if (new Set(sizes).size < sizes.length) throw new InvalidArgumentError('Expected each size once.');
  return sizes;
}
