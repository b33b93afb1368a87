import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { randomStream } from '../../math/random.ts';
import { openStore } from '../../store/open.ts';
import { listStudies } from '../../store/studies.ts';
import { temporaryFolder } from '../e2e/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('./open-databases-child.js', import.meta.url));
const KILLS = 4;

describe('a new database', () => {
  it('opens after a kill -9 at any moment of its making', async () => {
    const random = randomStream(3, 'kills');
    for (let kill = 0; kill < KILLS; kill++) {
      const databases = temporaryFolder();
      const child = spawn(process.execPath, [CHILD, databases.path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exit = once(child, 'exit');
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 20 + random.uniform() * 60));
      expect(child.kill('SIGKILL')).to.equal(true);
      expect((await exit)[1]).to.equal('SIGKILL');
      let made = 0;
      while (existsSync(databases.file(`${made}.db`))) made++;
      for (let i = Math.max(0, made - 2); i < made; i++) {
        const store = await openStore(databases.file(`${i}.db`));
        expect(await listStudies(store)).to.deep.equal([]);
        await store.destroy();
      }
      databases.remove();
    }
  });
});
