import { Lexer, Parser } from 'yaml';
import { DomainError } from '../domain/errors.ts';

/** Open collections, a few more than a study file may have levels: the value's own limit is exact. */
const MOST_OPEN = 100;

/**
 * Refuses a text whose collections are nested so deep that composing them, which is done by recursion, would end the
 * process: at the end of the stack, not every error of the engine can be caught.
 */
export function checkYamlDepth(text: string, file: string): void {
  const parser = new Parser();
  let line = 1;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)) continue;
    if (parser.stack.length > MOST_OPEN) {
      throw new DomainError('study_invalid', 'is nested too deep: expected fewer levels', { file, line });
    }
    line += lexeme.split('\n').length - 1;
  }
}
