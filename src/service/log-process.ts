/** How one ended that never was; why is told in place of what it wrote. */
export const NOT_STARTED = 'it could not be started';

/** A process that works on one log for the service. */
export interface LogProcess<Order> {
  /** When nothing of it is left: its code or signal, and the last that it wrote. */
  readonly exited: Promise<{ readonly how: string; readonly stderr: string }>;
  readonly tell: (order: Order) => void;
  /** At once: what it has not stored is lost, and what it has stored stays whole. */
  readonly kill: () => void;
}

/** How such a process is started; it waits for its task. Orders and messages are JSON. */
export type StartLogProcess<Order, Message> = (onMessage: (message: Message) => void) => LogProcess<Order>;
