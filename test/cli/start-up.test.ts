import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Prints every module that is asked for. */
const HOOK = `import { writeSync } from 'node:fs';
  export function resolve(specifier, context, next) {
    writeSync(2, specifier + '\\n');
    return next(specifier, context);
  }`;

const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

async function modulesAskedFor(...args: readonly string[]): Promise<readonly string[]> {
  const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(HOOK))});`;
  const { stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    dataUrl(register),
    MAIN,
    ...args,
  ]);
  return stderr.split('\n');
}

describe('the start of the command line', () => {
  for (const args of [
    ['--version'],
    ['sweep', '--help'],
    ['serve', '--help'],
    ['model', '--help'],
    ['arms', '--help'],
    ['readout', '--help'],
    ['keys', 'create', '--help'],
    ['db', '--help'],
  ]) {
    it(`loads nothing but the options to answer ${args.join(' ')}`, async () => {
      const asked = await modulesAskedFor(...args);
      expect(asked).to.include('commander');
      const packages = asked.filter((specifier) => /^(@?[a-z])/.test(specifier) && !specifier.includes(':'));
      expect([...new Set(packages)]).to.deep.equal(['commander']);
    });
  }
});
