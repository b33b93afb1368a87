import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What stands in the fenced block between `<!-- name -->` and `<!-- /name -->`. */
function block(readme: string, name: string): string {
  const match = new RegExp(`<!-- ${name} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\`\\s*<!-- /${name} -->`).exec(
    readme,
  );
  if (match === null) throw new Error(`README.md has no block "${name}"`);
  return match[1]!;
}

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
}

describe('README.md', () => {
  let readme: string;
  let scripts: Package['scripts'];

  before(async () => {
    readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    ({ scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Package);
  });

  it('shows what "npm run demo" prints, to the letter', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pondera-readme-'));
    try {
      const [program, ...args] = scripts['demo']!.split(' ');
      const database = args.indexOf('demo.db');
      expect(database).to.be.greaterThan(0);
      args[database] = join(folder, 'demo.db');
      const { stdout } = await promisify(execFile)(program!, args, { cwd: ROOT });
      expect(stdout.replaceAll(args[database], 'demo.db')).to.equal(block(readme, 'demo'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('explains the study file that the demo runs', async () => {
    const study = await readFile(join(ROOT, 'examples/demo.study.yaml'), 'utf8');
    expect(block(readme, 'study')).to.equal(study);
  });

  it('names no npm script that does not exist', () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script!);
    expect(named).to.include('demo');
    for (const script of named) expect(scripts).to.have.property(script);
  });
});
