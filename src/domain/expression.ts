export type Relation = '<=' | '>=' | '==';

/** A side of a relation: Σ coefficient · name + constant. */
export interface LinearExpression {
  readonly coefficients: ReadonlyMap<string, number>;
  readonly constant: number;
}

export interface LinearRelation {
  readonly left: LinearExpression;
  readonly relation: Relation;
  readonly right: LinearExpression;
}

const LONGEST_TEXT = 1000;
const MOST_TOKENS = 200;
const RELATIONS = /^[<>=]=?$/;
const TOKEN =
  /\s*(?:([0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|([A-Za-z_][A-Za-z0-9_.@]*(?:\{[^{}]*\})?(?:\[[^[\]]*\])?)|(<=|>=|==|[-+*<>=]))/y;

/**
 * Reads a linear relation such as `click <= 2 * long_click` or `ctr >= 0.98 * baseline`.
 *
 * A term is a number, a name, or a number and a name joined by `*`. The text is parsed, never evaluated.
 * Returns the relation, or one line that says what is wrong.
 */
export function parseRelation(
  text: string,
  allowed: readonly Relation[] = ['<=', '>=', '=='],
): LinearRelation | string {
  if (text.length > LONGEST_TEXT) return `expression is longer than ${LONGEST_TEXT} characters`;
  const tokens = tokenize(text);
  if (typeof tokens === 'string') return tokens;
  const expected = `expected ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;
  const at = tokens.findIndex((token) => RELATIONS.test(token));
  if (at < 0) return `"${text}" has no relation: ${expected}`;
  const relation = allowed.find((known) => known === tokens[at]);
  if (relation === undefined) return `"${text}" uses "${tokens[at]}": ${expected}`;
  if (tokens.slice(at + 1).some((token) => RELATIONS.test(token)))
    return `"${text}" has more than one relation`;
  const left = parseSide(tokens.slice(0, at), text);
  if (typeof left === 'string') return left;
  const right = parseSide(tokens.slice(at + 1), text);
  if (typeof right === 'string') return right;
  return { left, relation, right };
}

/**
 * Reads one side of such a relation, as in `2 * save - 0.5 * click + 1`.
 *
 * Returns the expression, or one line that says what is wrong.
 */
export function parseExpression(text: string): LinearExpression | string {
  if (text.length > LONGEST_TEXT) return `expression is longer than ${LONGEST_TEXT} characters`;
  const tokens = tokenize(text);
  if (typeof tokens === 'string') return tokens;
  if (tokens.length === 0) return 'is empty: expected an expression such as 2 * click + save';
  const relation = tokens.find((token) => RELATIONS.test(token));
  if (relation !== undefined)
    return `"${text}" has a "${relation}": expected an expression without a relation`;
  return parseSide(tokens, text);
}

/** Terms as a person would write them: `click - 2 * long_click`; those of coefficient 0 are left out. */
export function formatTerms(coefficients: Readonly<Record<string, number>>): string {
  return Object.entries(coefficients)
    .filter(([, coefficient]) => coefficient !== 0)
    .map(([name, coefficient], i) => {
      const sign = coefficient < 0 ? (i === 0 ? '-' : ' - ') : i === 0 ? '' : ' + ';
      const size = Math.abs(coefficient);
      return `${sign}${size === 1 ? '' : `${size} * `}${name}`;
    })
    .join('');
}

function tokenize(text: string): string[] | string {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let position = 0; position < end; position = TOKEN.lastIndex) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) {
      const found = text.slice(position).trimStart().charAt(0);
      const expected = found === '%' ? ': expected a fraction, such as 0.98 for 98 %' : '';
      return `"${text}" has an unexpected "${found}"${expected}`;
    }
    tokens.push(match[1] ?? match[2] ?? match[3]!);
    if (tokens.length > MOST_TOKENS) return `expression has more than ${MOST_TOKENS} terms and signs`;
  }
  return tokens;
}

function parseSide(tokens: readonly string[], text: string): LinearExpression | string {
  const coefficients = new Map<string, number>();
  let constant = 0;
  let i = 0;
  if (tokens.length === 0) return `"${text}" has an empty side`;
  while (i < tokens.length) {
    let sign = 1;
    if (tokens[i] === '+' || tokens[i] === '-') sign = tokens[i++] === '-' ? -1 : 1;
    else if (i > 0) return `"${text}" lacks a + or - before "${tokens[i]}"`;
    let coefficient = sign;
    let name: string | undefined;
    for (let expectFactor = true; expectFactor;) {
      const factor = tokens[i++];
      if (factor === undefined) return `"${text}" ends where a number or a name is expected`;
      if (/^[0-9.]/.test(factor)) coefficient *= Number(factor);
      else if (!/^[A-Za-z_]/.test(factor))
        return `"${text}" has "${factor}" where a number or a name is expected`;
      else if (name === undefined) name = factor;
      else return `"${text}" multiplies ${name} by ${factor}: expected a linear expression`;
      expectFactor = tokens[i] === '*';
      if (expectFactor) i++;
    }
    if (!Number.isFinite(coefficient)) return `"${text}" has a number that is not finite`;
    if (name === undefined) constant += coefficient;
    else coefficients.set(name, (coefficients.get(name) ?? 0) + coefficient);
  }
  return { coefficients, constant };
}
