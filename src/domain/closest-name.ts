/** The most edits between a name and what may have been meant by it: one in three characters. */
const EDITS_PER_CHARACTER = 1 / 3;

/** The name nearest to `wanted` by edit distance without regard to case, if one is near. */
export function closestName(wanted: string, names: readonly string[]): string | undefined {
  let closest: string | undefined;
  let fewest = Math.floor(wanted.length * EDITS_PER_CHARACTER) + 1;
  for (const name of names) {
    const edits = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      closest = name;
    }
  }
  return closest;
}

/** Levenshtein's distance with neighbours that changed places for one edit (optimal string alignment), row by row. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : replaced;
      current.push(Math.min(replaced, swapped, previous[j]! + 1, current[j - 1]! + 1));
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
