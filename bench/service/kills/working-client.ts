import type { Random } from '../../../math/random.ts';
import type { Told } from '../ask.ts';
import { measured, measuredStudy } from '../measured-study.ts';
import { anyWeights } from '../study-client.ts';
import { type Ledger, noteImport, noteTrial, type ShownTrial, type ToldTrial } from './ledger.ts';
import { askUntilAnswered, type ServiceLine } from './service-line.ts';

/** Trials after which clients go on in another study, so that fits stay short. */
const TRIALS_OF_A_STUDY = 60;

/** Lines of an import: two parts and the beginning of a third. */
const IMPORT_LINES = 450;

/** What a client may do. */
export const DEEDS = ['suggest', 'complete', 'fail', 'heartbeat', 'attach', 'import'] as const;

/** What the clients share. */
export interface Workplace {
  readonly line: ServiceLine;
  readonly ledger: Ledger;
  /** Acknowledged writes by what they did. */
  readonly counts: Map<string, number>;
  /** How many trials were asked for, in all studies. */
  asked: number;
  isOver: boolean;
}

/** One client: does what comes to its mind, each under a key of its own, until the work is over. */
export async function work(place: Workplace, client: string, random: Random): Promise<void> {
  const { line, ledger, counts } = place;
  let made = 0;
  const studies = new Set<string>();
  const running: { readonly study: string; readonly trial: ToldTrial }[] = [];
  const send = async (
    what: (typeof DEEDS)[number],
    path: string,
    body: object | string,
    type = 'application/json',
  ): Promise<Told | undefined> => {
    const key = `${client}-${made++}`;
    const told = await askUntilAnswered(line, path, { key, body, type });
    if (told === undefined) return undefined;
    counts.set(what, (counts.get(what) ?? 0) + 1);
    ledger.answers.set(client, { key, path, body, type, text: told.text });
    return told;
  };
  const noted = (study: string, told: Told | undefined): ToldTrial | undefined => {
    if (told === undefined) return undefined;
    const trial = toldTrial(JSON.parse(told.text) as ShownTrial);
    noteTrial(ledger, study, trial);
    return trial;
  };

  while (!place.isOver) {
    const study = `load-${Math.floor(place.asked / TRIALS_OF_A_STUDY)}`;
    if (!studies.has(study)) {
      // Whoever comes second is told that there is one.
      const key = `create-${study}-${client}`;
      await askUntilAnswered(line, '/v1/studies', { key, body: measuredStudy(study) }, [201, 409]);
      studies.add(study);
    }
    const path = `/v1/studies/${study}/trials`;
    const chance = random.uniform();
    if (running.length === 0 || chance < 0.3) {
      place.asked++;
      const count = 1 + random.integer(2);
      const told = await send('suggest', `${path}:suggest`, { count, clientId: `${client}-${made}` });
      if (told === undefined) continue;
      for (const shown of (JSON.parse(told.text) as { trials: ShownTrial[] }).trials) {
        const trial = toldTrial(shown);
        noteTrial(ledger, study, trial);
        running.push({ study, trial });
      }
    } else if (chance < 0.85) {
      const [one] = running.splice(random.integer(running.length), 1);
      const its = `/v1/studies/${one!.study}/trials/${one!.trial.number}`;
      if (chance < 0.7)
        noted(
          one!.study,
          await send('complete', `${its}:complete`, { metrics: measured(one!.trial.weights) }),
        );
      else if (chance < 0.78)
        noted(one!.study, await send('fail', `${its}:fail`, { reason: `by ${client}` }));
      else {
        noted(one!.study, await send('heartbeat', `${its}:heartbeat`, {}));
        running.push(one!);
      }
    } else if (chance < 0.95) {
      const weights = anyWeights(random);
      noted(
        study,
        await send('attach', path, { weights, metrics: measured(weights), note: `${client} ${made}` }),
      );
    } else {
      const notes = Array.from({ length: IMPORT_LINES }, (_, i) => `${client} ${made} ${i}`);
      const lines = notes.map((note) => {
        const weights = anyWeights(random);
        return `${JSON.stringify({ weights, metrics: measured(weights), note })}\n`;
      });
      const told = await send(
        'import',
        `/v1/studies/imports/trials:import`,
        lines.join(''),
        'application/x-ndjson',
      );
      if (told !== undefined) noteImport(ledger, 'imports', notes);
    }
  }
}

function toldTrial({ number, state, weights, metrics, reason }: ShownTrial): ToldTrial {
  const means = Object.fromEntries(Object.entries(metrics).map(([name, { mean }]) => [name, mean]));
  return { number, state, weights, metrics: means, reason };
}
