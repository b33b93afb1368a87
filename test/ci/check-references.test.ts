import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const DECISION = 'docs/adr/0002-own-numerics.md';
/** Put together here, so that the check of this project does not find them; the other names exist in it too. */
const MISSING = ['docs', 'none.md'].join('/');
const UNKNOWN = ['ADR', '0009'].join(' ');

/** What the check says of a folder with these files: its exit code, and its complaints. */
function check(files: Readonly<Record<string, string>>): {
  readonly status: number;
  readonly broken: string;
} {
  const root = mkdtempSync(join(tmpdir(), 'pondera-references-'));
  try {
    for (const [name, text] of Object.entries({ [DECISION]: '# 0002: Own numerics\n', ...files })) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const { status, stderr } = spawnSync(process.execPath, ['.ci/check-references.mjs', root], {
      encoding: 'utf8',
    });
    return { status: status!, broken: stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe('check-references', () => {
  it('takes links, decisions, documents and files that exist', () => {
    const result = check({
      'README.md': `# Two: to \`the end\`\n[first](${DECISION}#0002-own-numerics), [web](https://example.org/none), [here](#two-to-the-end), \`gp/fit.ts\`, ADR 0002\n`,
      'docs/notation.md':
        '[first](adr/0002-own-numerics.md) of [the readme](../README.md), `gp/kernels/NAME.ts`\n',
      'gp/fit.ts': '// docs/adr/0002, docs/notation.md\n',
    });
    expect(result).to.deep.equal({ status: 0, broken: '' });
  });

  const broken: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
    'a document that does not exist': [
      { 'gp/fit.ts': `\n// see ${MISSING}\n` },
      `gp/fit.ts:2: no ${MISSING}\n`,
    ],
    'a decision that was not made': [{ 'gp/fit.ts': `// ${UNKNOWN}\n` }, `gp/fit.ts:1: no ${UNKNOWN}\n`],
    'a decision by a number that there is not': [
      { 'gp/fit.ts': `// ${['docs', 'adr', '0009'].join('/')}\n` },
      `gp/fit.ts:1: no ${['docs', 'adr', '0009'].join('/')}\n`,
    ],
    'a relative link': [
      { 'docs/notation.md': '[x](adr/none.md)\n' },
      'docs/notation.md:1: no ](adr/none.md)\n',
    ],
    'a heading that the page does not have': [
      { 'docs/notation.md': '# Names\n\n[x](#name), [y](adr/0002-own-numerics.md#why)\n' },
      'docs/notation.md:3: no ](#name)\ndocs/notation.md:3: no ](adr/0002-own-numerics.md#why)\n',
    ],
    'a source file': [{ 'docs/notation.md': '`gp/none.ts`\n' }, 'docs/notation.md:1: no `gp/none.ts`\n'],
    'a number given to two decisions': [
      { [['docs', 'adr', '0002-again.md'].join('/')]: '# 0002: Again\n' },
      'docs/adr: two decisions have the number 0002\n',
    ],
  };
  for (const [what, [files, message]] of Object.entries(broken)) {
    it(`fails on ${what}, and says where`, () => {
      expect(check(files)).to.deep.equal({ status: 1, broken: message });
    });
  }
});
