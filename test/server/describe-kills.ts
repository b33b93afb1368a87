import { expect } from 'chai';
import { type KillFigures, type Killing, killService } from '../../bench/service/kills/kill-service.ts';
import { DEEDS } from '../../bench/service/kills/working-client.ts';
import { temporaryDatabases } from './running-service.ts';

/** Kills a service under load, and says what is expected of it. */
export function describeKills(killing: Omit<Killing, 'db'>, timeoutMs: number): void {
  describe(`a service that is killed ${killing.kills} times while ${killing.clients} clients work`, function () {
    this.timeout(timeoutMs);
    const databases = temporaryDatabases();
    let figures: KillFigures;
    before(async () => {
      figures = await killService({ ...killing, db: databases.file('trials.db') });
    });
    after(() => databases.remove());

    it('has kept every write that it acknowledged, and holds no trial that nobody was told of', () => {
      expect(figures.kills).to.equal(killing.kills);
      for (const what of DEEDS) expect(figures.acknowledged[what], what).to.be.greaterThan(0);
      expect(figures.trialsChecked).to.be.greaterThan(killing.kills);
      expect(figures).to.include({ lostWrites: 0, untoldTrials: 0 });
    });

    it('has answered every client in the end, and none with a fault', () => {
      expect(figures.errors).to.deep.equal([]);
      expect(figures.stuckClients).to.equal(0);
      expect(figures.retriedRequests, 'requests that kills met').to.be.greaterThan(0);
    });

    it('answers a key that it has answered before a kill with the same bytes', () => {
      expect(figures.replays).to.be.greaterThan(0);
      expect(figures.wrongReplays).to.equal(0);
    });
  });
}
