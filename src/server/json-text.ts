import { DomainError } from '../domain/errors.ts';

/** More than any body of ours holds, and deeper: a parser would hold up the others for what nobody needs. */
const MOST_VALUES = 5000;
const DEEPEST = 32;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts the values of a JSON text in UTF-8 without parsing it: commas and brackets outside of strings.
 *
 * Throws `request_invalid` where there are more than 5,000, or where they are nested deeper than 32 levels. Whether the text is
 * JSON is for the parser to say.
 */
export function checkJsonText(bytes: Uint8Array): void {
  let [values, depth, isText] = [1, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (isText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === COMMA) values++;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values++;
      if (++depth > DEEPEST) throw invalid(`is nested deeper than ${DEEPEST} levels: expected fewer`);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    if (values > MOST_VALUES) throw invalid(`holds more than ${MOST_VALUES} values: expected fewer`);
  }
}

function invalid(detail: string): DomainError {
  return new DomainError('request_invalid', detail);
}
