import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { EngagementLog } from '../engagement-log.ts';
import type { PassWorker } from '../pooled/pooled-pass.ts';
import { abandon, isAbandoned, meet, type MeetingPoint } from './meeting-point.ts';
import { WHOLE } from './share.ts';
import { type Member, type StepName, type StepTask, TEAM_STEPS } from './team-steps.ts';

/** Threads that evaluate one log together. */
export interface Team {
  readonly members: number;
  /** Does a step in all members and returns when all have done their shares. Arrays of `task` lie in shared memory. */
  readonly run: <Name extends StepName>(name: Name, task: StepTask<Name>) => void;
}

interface Message {
  readonly name: StepName;
  readonly task: unknown;
}

/** The calling thread, without others. */
export function alone(log: EngagementLog, worker: PassWorker): Team {
  const member: Member = { log, share: WHOLE, worker, meet: () => undefined };
  return { members: 1, run: (name, task) => runStep(member, { name, task }) };
}

/**
 * Evaluates with the calling thread as the first member of a team, whose others listen at the far ends of `ports` (`assist`).
 *
 * They go home when `evaluate` returns or throws.
 */
export function lead<Value>(
  log: EngagementLog,
  point: MeetingPoint,
  ports: readonly MessagePort[],
  worker: PassWorker,
  evaluate: (team: Team) => Value,
): Value {
  const members = ports.length + 1;
  const member: Member = {
    log,
    share: { share: 0, shares: members },
    worker,
    meet: () => meet(point, members),
  };
  const tell = (message: Message | undefined): void => {
    for (const port of ports) port.postMessage(message);
    member.meet();
  };
  const team: Team = {
    members,
    run(name, task) {
      const message = { name, task };
      tell(message);
      orAbandon(point, () => runStep(member, message));
      member.meet();
    },
  };
  try {
    return evaluate(team);
  } finally {
    if (!isAbandoned(point)) tell(undefined);
  }
}

/** Does the steps that the leader tells of, until it needs no more. */
export function assist(
  log: EngagementLog,
  point: MeetingPoint,
  port: MessagePort,
  share: Member['share'],
  worker: PassWorker,
): void {
  const member: Member = { log, share, worker, meet: () => meet(point, share.shares) };
  for (;;) {
    member.meet();
    const message = (receiveMessageOnPort(port) as { message: Message | undefined }).message;
    if (message === undefined) return;
    orAbandon(point, () => runStep(member, message));
    member.meet();
  }
}

function runStep(member: Member, { name, task }: Message): void {
  (TEAM_STEPS[name] as (member: Member, task: unknown) => void)(member, task);
}

function orAbandon(point: MeetingPoint, act: () => void): void {
  try {
    act();
  } catch (error) {
    abandon(point);
    throw error;
  }
}
