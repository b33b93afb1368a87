const ARRIVED = 0;
const ROUND = 1;
const ABANDONED = 2;

/** A meeting point of threads: three shared words. */
export type MeetingPoint = Int32Array<SharedArrayBuffer>;

export function meetingPoint(): MeetingPoint {
  return new Int32Array(new SharedArrayBuffer(12));
}

/** Waits, without a turn of the event loop, until all members have come. Throws an `Error` where one of them never will. */
export function meet(point: MeetingPoint, members: number): void {
  const round = Atomics.load(point, ROUND);
  checkAttended(point);
  if (Atomics.add(point, ARRIVED, 1) + 1 === members) {
    Atomics.store(point, ARRIVED, 0);
    Atomics.add(point, ROUND, 1);
    Atomics.notify(point, ROUND);
  } else while (Atomics.load(point, ROUND) === round) Atomics.wait(point, ROUND, round);
  checkAttended(point);
}

function checkAttended(point: MeetingPoint): void {
  if (isAbandoned(point)) throw new Error('another thread of the evaluation has failed');
}

export function isAbandoned(point: MeetingPoint): boolean {
  return Atomics.load(point, ABANDONED) !== 0;
}

/** Sends all that wait, and all that still come, away: one member has failed. */
export function abandon(point: MeetingPoint): void {
  Atomics.store(point, ABANDONED, 1);
  Atomics.add(point, ROUND, 1);
  Atomics.notify(point, ROUND);
}
