import Table from 'cli-table3';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const GAP = NO_LINES.middle;

/** How far the notes of a table stand in below their rows. */
const INDENT = '  ';

/**
 * Rows aligned in columns, without lines or colours: readable on a terminal and in a file.
 *
 * Where a row is longer than `width` characters, a last column of texts goes below its row, wrapped between words, and
 * other columns go into tables one below another, each with the first column.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const total = widths.reduce((sum, each) => sum + GAP.length + each, -GAP.length);
  if (total <= width || columns.length < 3) return alignedTable(columns, rows);
  if (columns.at(-1)!.align === 'left') return tableWithNotes(columns, rows, width);
  return columnGroups(widths, width)
    .map((group) =>
      alignedTable(
        group.map((i) => columns[i]!),
        rows.map((row) => group.map((i) => row[i]!)),
      ),
    )
    .join('\n\n');
}

/** The text of the last column below each row; its title says what the row above already does. */
function tableWithNotes(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const [head, ...lines] = textTable(
    columns.slice(0, -1),
    rows.map((row) => row.slice(0, -1)),
  ).split('\n');
  const below = rows.map((row) => wrapWords(row.at(-1)!, width - INDENT.length));
  return [head!, ...lines.flatMap((line, i) => [line, ...below[i]!.map((text) => `${INDENT}${text}`)])].join(
    '\n',
  );
}

/** The columns of each table, the first in all of them, as many as there is room for and one at least. */
function columnGroups(widths: readonly number[], width: number): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let room = 0;
  for (let i = 1; i < widths.length; i++) {
    room -= GAP.length + widths[i]!;
    if (groups.length === 0 || room < 0) {
      groups.push([0]);
      room = width - widths[0]! - GAP.length - widths[i]!;
    }
    groups.at(-1)!.push(i);
  }
  return groups;
}

/** The text in lines of at most `width` characters, broken between words alone: a longer word has a line of its own. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function alignedTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
