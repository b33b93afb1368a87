import { DomainError } from '../domain/errors.ts';

const LINE_FEED = 0x0a;

/** One line of a body, without its line break. */
export interface BodyLine {
  /** From 1 on. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The lines of a stream of bytes, none longer than `longest` bytes and no more than `most`; the last needs no line break.
 *
 * Throws `request_invalid` with the number of the line that goes beyond.
 */
export async function* bodyLines(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
  most: number,
): AsyncGenerator<BodyLine> {
  let rest: Uint8Array = new Uint8Array();
  let number = 0;
  const line = (bytes: Uint8Array): BodyLine => {
    if (++number > most)
      throw refused(`there are more than ${most} lines: expected several imports`, most + 1);
    if (bytes.length > longest)
      throw refused(`is longer than ${longest} bytes: expected a shorter one`, number);
    return { number, bytes };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const bytes = chunk.subarray(start, end);
      yield line(rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
      rest = new Uint8Array();
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]);
    if (rest.length > longest) line(rest);
  }
  if (rest.length > 0) yield line(rest);
}

function refused(detail: string, line: number): DomainError {
  return new DomainError('request_invalid', detail, {}, { line });
}
