const ARRIVED = 0;
const ROUND = 1;

/** A meeting point of threads: two shared words. */
export function meetingPoint(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Waits, without a turn of the event loop, until all members have come. */
export function meet(point: Int32Array, members: number): void {
  const round = Atomics.load(point, ROUND);
  if (Atomics.add(point, ARRIVED, 1) + 1 === members) {
    Atomics.store(point, ARRIVED, 0);
    Atomics.add(point, ROUND, 1);
    Atomics.notify(point, ROUND);
  } else while (Atomics.load(point, ROUND) === round) Atomics.wait(point, ROUND, round);
}
