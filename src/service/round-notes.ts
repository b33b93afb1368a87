import type { Store } from '../../store/open.ts';
import { findSweep } from '../../store/sweeps.ts';
import { SWEEP_TRANSITIONS } from '../domain/sweep-state.ts';
import type { OnlineMoment } from './online-evidence.ts';

/** What is to be known of when a round is planned. */
export async function roundNotes(store: Store, moment: OnlineMoment): Promise<readonly string[]> {
  return [...furtherRoundNotes(moment), ...(await sweepNotes(store, moment.definition.name))];
}

/** Rounds that were ended without a readout were not run. */
function furtherRoundNotes({ definition, readouts }: OnlineMoment): readonly string[] {
  const { rounds } = definition.online;
  if (readouts.length < rounds) return [];
  return [
    `the study says of ${rounds === 1 ? 'one round' : `${rounds} rounds`} of experiments (online.rounds), and ${readouts.length} were read out: this is one more`,
  ];
}

/** A sweep that can be cancelled has not ended: no arm is promised by what it will measure. */
async function sweepNotes(store: Store, study: string): Promise<readonly string[]> {
  const sweep = await findSweep(store, study);
  if (sweep === undefined || !SWEEP_TRANSITIONS.cancel.from.includes(sweep.state)) return [];
  return [`the sweep of the study is ${sweep.state}: what it has not measured yet was not known`];
}
