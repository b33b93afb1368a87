export type { Finding, Gate } from '../../../domain/finding.ts';

/** What the gates must know of the experiment: the control and each arm with its planned share. */
export interface PlannedArms {
  readonly control: string;
  readonly shares: Readonly<Record<string, number>>;
}
