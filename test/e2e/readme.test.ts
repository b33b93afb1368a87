import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readStudyFile } from '../../src/cli/study-file.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What stands in the fenced block of a page between `<!-- name -->` and `<!-- /name -->`. */
function block(page: string, name: string): string {
  const match = new RegExp(`<!-- ${name} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\`\\s*<!-- /${name} -->`).exec(page);
  if (match === null) throw new Error(`the page has no block "${name}"`);
  return match[1]!;
}

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}

describe('README.md', () => {
  let readme: string;
  let scripts: Package['scripts'];
  let folder: string;
  let demo: string;

  /** What a command prints that names the database demo.db, which stands in a folder of its own. */
  const printed = async (line: string): Promise<string> => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    expect(words).to.include('demo.db');
    const [program, ...args] = words.map((word) => (word === 'demo.db' ? join(folder, word) : word));
    const { stdout } = await promisify(execFile)(program!, args, { cwd: ROOT });
    return stdout.replaceAll(join(folder, 'demo.db'), 'demo.db');
  };

  before(async function () {
    this.timeout(180_000);
    readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    ({ scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Package);
    folder = await mkdtemp(join(tmpdir(), 'pondera-readme-'));
    demo = await printed(scripts['demo']!);
  });
  after(() => rm(folder, { recursive: true }));

  it('shows what "npm run demo" prints, to the letter', () => {
    expect(demo).to.equal(block(readme, 'demo'));
  });

  it('names commands that answer from the stored demo', async () => {
    const lines = block(readme, 'after').trimEnd().split('\n');
    expect(lines).to.have.length(2);
    const [answered, explained] = await Promise.all(
      lines.map((line) => printed(line.replace('npx pondera', 'node dist/src/cli/main.js'))),
    );
    expect(answered).to.match(/^demo: 30 stored trials, nothing evaluated anew$/m);
    expect(answered).to.match(/^close_up\.average_precision >= 0\.95 \* baseline +asked/m);
    expect(explained).to.match(
      /^demo: 22,305 impressions in 2,200 requests; the best feasible is trial \d+$/m,
    );
    expect(explained).to.match(/^Rounded to multiples of 0\.05: /m);
    expect(answered).to.include(block(readme, 'whatif'));
    expect(explained).to.include(block(readme, 'explain'));
  });

  it('says in docs/log.md what inspect warns of', async () => {
    const page = await readFile(join(ROOT, 'docs/log.md'), 'utf8');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/src/cli/main.js', 'inspect', 'examples/demo.study.yaml'],
      { cwd: ROOT },
    );
    expect(stdout.endsWith(block(page, 'warnings'))).to.equal(true);
  });

  it('explains in docs/study-file.md the study that the demo runs', async () => {
    const page = await readFile(join(ROOT, 'docs/study-file.md'), 'utf8');
    const study = await readFile(join(ROOT, 'examples/demo.study.yaml'), 'utf8');
    expect(block(page, 'study')).to.equal(study);
  });

  it('shows a least study, which is whole', async () => {
    const file = join(folder, 'mine.yaml');
    await writeFile(file, block(readme, 'least'));
    const { definition } = await readStudyFile(file);
    expect(definition).to.include({ name: 'mine', sum: 1 });
    expect(Object.keys(definition.weights)).to.deep.equal(Object.keys(definition.heads!));
    expect(definition.guardrails).to.have.length(1);
  });

  it('names no npm script that does not exist', () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script!);
    expect(named).to.include('demo');
    for (const script of named) expect(scripts).to.have.property(script);
  });
});
