import { InvalidArgumentError } from 'commander';

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Bytes, as `4GB`, `512 MiB` or a plain number of them. */
export function memoryOption(text: string): number {
  const [, number, unit = ''] = /^([0-9]+(?:\.[0-9]+)?) *([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const bytes = Number(number) * (BYTES[unit] ?? Number.NaN);
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError('Expected an amount of memory such as 4GB, 512MB or 2GiB.');
}

/** The same, of so many megabytes or more. */
export function memoryFrom(megabytes: number): (text: string) => number {
  return (text) => {
    const bytes = memoryOption(text);
    if (bytes >= megabytes * 1e6) return bytes;
    throw new InvalidArgumentError(`Expected at least ${megabytes}MB, without which no file is read.`);
  };
}
