import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DomainError } from '../../src/domain/errors.ts';
import { openUploadFolder } from '../../src/service/upload-folder.ts';

const UUID = '0b5d3f0e-6f3c-4a86-9d1c-2f7a5b0e9c11';
const [OURS, ALIVE, DEAD] = [`10.${UUID}`, `20.${UUID}`, `30.${UUID}`];
const instance = { id: OURS, isAlive: (id: string) => id === ALIVE };
const nameOf = (id: string): string => `pondera-upload-${id}-abcdef`;

describe('the folder of uploads', () => {
  let parent: string;
  beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'pondera-uploads-'))));
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('gives each file a folder of mode 0700, which goes with all that is in it', async () => {
    const folder = await openUploadFolder(parent, instance);
    expect(readdirSync(parent), 'it has tried whether it can').to.deep.equal([]);
    const [one, other] = [await folder.place(), await folder.place()];
    expect(one.path).to.not.equal(other.path);
    expect(statSync(one.path).mode & 0o777).to.equal(0o700);
    mkdirSync(join(one.path, 'spill'));
    writeFileSync(join(one.path, 'spill', 'x'), 'x');
    await one.remove();
    await one.remove();
    expect(readdirSync(parent)).to.have.length(1);
    await folder.close();
    expect(readdirSync(parent), 'what is left goes at the end').to.deep.equal([]);
  });

  it('removes what instances have left that are not alive, and nothing else', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'pondera-kept-'));
    writeFileSync(join(elsewhere, 'kept'), '');
    mkdirSync(join(parent, nameOf(DEAD)));
    writeFileSync(join(parent, nameOf(DEAD), 'readout.csv'), 'x');
    symlinkSync(elsewhere, join(parent, nameOf(DEAD), 'link'));
    const kept = [
      nameOf(ALIVE),
      nameOf(OURS),
      `pondera-upload-${DEAD}`,
      `my-${nameOf(DEAD)}`,
      'pondera-upload-30.x-abcdef',
    ];
    for (const name of kept) mkdirSync(join(parent, name));
    const link = `pondera-upload-31.${UUID}-abcdef`;
    symlinkSync(elsewhere, join(parent, link));
    const file = `pondera-upload-32.${UUID}-abcdef`;
    writeFileSync(join(parent, file), '');
    await openUploadFolder(parent, instance);
    expect(readdirSync(parent)).to.have.members([...kept, link, file]);
    expect(readdirSync(elsewhere)).to.deep.equal(['kept']);
    rmSync(elsewhere, { recursive: true });
  });

  it('leaves what is another user’s', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const path = join(parent, nameOf(DEAD));
    mkdirSync(path);
    chownSync(path, 65_534, 65_534);
    await openUploadFolder(parent, instance);
    expect(existsSync(path)).to.equal(true);
  });

  it('is refused in one line where it takes no files', async () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    for (const [path, code] of [
      [join(parent, 'nowhere'), 'ENOENT'],
      [file, 'ENOTDIR'],
    ] as const) {
      const error: unknown = await openUploadFolder(path, instance).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(DomainError);
      const { code: found, line } = error as DomainError;
      expect(found).to.equal('request_invalid');
      expect(line).to.equal(
        `${path} takes no files (${code}): expected a folder that may be written to (--upload-folder)`,
      );
    }
  });
});
