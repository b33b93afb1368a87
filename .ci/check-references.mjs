// Looks up every reference to a file: relative links and `folder/file.ts` in Markdown, and docs/… and ADR NNNN anywhere.
// Takes the folder to look at, this project unless given.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'coverage']);
const TEXT = /\.(ts|mjs|cjs|md|py|sh|yaml|yml|json)$/;

const DOCS_PATH = /(?<![\w/.-])docs\/[\w./-]*\w/g;
const ADR_NUMBER = /\bADR (\d{4})\b/g;
const LINK = /\]\(([^()\s]+)\)/g;
const CODE_PATH = /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mjs|py|json|yaml|md))`/g;
/** A name in capitals is to be filled in. */
const PLACEHOLDER = /\b(?:NAME|NNNN|STUDY)\b/;

const files = filesBelow(ROOT);
const decisions = files
  .map((file) => /^docs\/adr\/(\d{4})-[^/]*\.md$/.exec(file)?.[1])
  .filter((number) => number !== undefined);
const broken = [];

for (const [i, number] of decisions.entries()) {
  if (decisions.indexOf(number) !== i) broken.push(`docs/adr: two decisions have the number ${number}`);
}
for (const file of files.filter((name) => TEXT.test(name))) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  for (const { line, reference } of unresolved(file, text)) broken.push(`${file}:${line}: no ${reference}`);
}

for (const each of broken) process.stderr.write(`${each}\n`);
process.stdout.write(`references: ${files.length} files, ${broken.length} broken\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [relative(ROOT, path)];
    });
}

function unresolved(file, text) {
  const found = [];
  const look = (pattern, resolves) => {
    for (const match of text.matchAll(pattern)) {
      const reference = match[1] ?? match[0];
      if (PLACEHOLDER.test(reference) || resolves(reference)) continue;
      found.push({ line: text.slice(0, match.index).split('\n').length, reference: match[0] });
    }
  };
  look(DOCS_PATH, (path) => existsSync(join(ROOT, path)) || isDecision(path));
  look(ADR_NUMBER, (number) => decisions.includes(number));
  if (!file.endsWith('.md')) return found;
  look(LINK, (target) => /^[a-z]+:/.test(target) || isPlace(file, target));
  look(CODE_PATH, (path) => existsSync(join(ROOT, path)) || existsSync(join(ROOT, dirname(file), path)));
  return found;
}

/** Whether a link from a page leads to a file and, in a page, to a heading of it. */
function isPlace(file, target) {
  const [path, anchor] = target.split('#');
  const to = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, to))) return false;
  return anchor === undefined || !to.endsWith('.md') || headingsOf(to).has(anchor);
}

/** Anchors as GitHub makes them: lower case, hyphens for spaces, no other sign, numbered where they come again. */
function headingsOf(page) {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  const anchors = new Set();
  for (const [, heading] of text.matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let numbered = anchor;
    for (let i = 1; anchors.has(numbered); i++) numbered = `${anchor}-${i}`;
    anchors.add(numbered);
  }
  return anchors;
}

/** `docs/adr/0013` names a decision by its number alone. */
function isDecision(path) {
  const number = /^docs\/adr\/(\d{4})$/.exec(path)?.[1];
  return number !== undefined && decisions.includes(number);
}
