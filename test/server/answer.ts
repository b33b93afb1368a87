import type { IncomingHttpHeaders } from 'node:http';

/** What the service answered; `body` is the parsed JSON, undefined where there is none. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Body;
}
