import { z } from 'zod';

/** What happened to a study. A name that was released stays: older events have it. */
export const eventKindSchema = z.enum([
  'study_created',
  'study_changed',
  'study_archived',
  'study_unarchived',
  'study_deleted',
  'trial_suggested',
  'trial_handed_out',
  'trial_attached',
  'trials_imported',
  'trial_completed',
  'trial_failed',
  'trial_infeasible',
  'trial_abandoned',
  'trial_voided',
  'trial_corrected',
  'trial_noted',
  'sweep_queued',
  'sweep_started',
  'sweep_paused',
  'sweep_resumed',
  'sweep_interrupted',
  'sweep_cancelled',
  'sweep_completed',
  'sweep_failed',
  'experiment_created',
  'experiment_started',
  'experiment_ended',
  'readout_imported',
]);

/** One entry of a study's log. What its payload holds depends on its kind (docs/adr/0027-states-leases-events.md). */
export const studyEventSchema = z.strictObject({
  /** From 1 on, without gaps, in the order in which it was stored. */
  sequence: z.int().min(1),
  /** ISO 8601. */
  at: z.string(),
  /** The name of the key that was used, `local` without one, `cli` for commands, `service` for what nobody asked for. */
  actor: z.string(),
  kind: eventKindSchema,
  trial: z.int().min(0).nullable(),
  payload: z.record(z.string(), z.unknown()),
});

export type EventKind = z.output<typeof eventKindSchema>;
export type EventPayload = Readonly<Record<string, unknown>>;
export type StudyEvent = z.output<typeof studyEventSchema>;
