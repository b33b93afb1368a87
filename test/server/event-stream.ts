/** One server-sent event as a browser would read it; comments have neither event nor data. */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
  readonly comment: string | undefined;
}

/** An open stream of server-sent events. */
export interface EventStream {
  readonly status: number;
  readonly type: string | null;
  /** The events up to one that is looked for, or to the end. */
  until(isLast: (event: StreamEvent) => boolean): Promise<readonly StreamEvent[]>;
  /** Whether the server has ended it. */
  ended(): boolean;
  leave(): void;
}

/** Listens with `fetch`, as a client with a key of its own must: `EventSource` sends none. */
export async function listenTo(url: string, lastEventId?: string): Promise<EventStream> {
  const leaving = new AbortController();
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const { status, headers: answered, body } = await fetch(url, { headers, signal: leaving.signal });
  let text = '';
  let isEnded = body === null;
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    status,
    type: answered.get('content-type'),
    async until(isLast) {
      const seen: StreamEvent[] = [];
      for (;;) {
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = parsed(text.slice(0, end));
          text = text.slice(end + 2);
          seen.push(event);
          if (isLast(event)) return seen;
        }
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) {
          isEnded = true;
          return seen;
        }
        text += chunk.value;
      }
    },
    ended: () => isEnded,
    leave: () => leaving.abort(),
  };
}

function parsed(block: string): StreamEvent {
  const fields = block.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')] as const;
  });
  const of = (name: string): string | undefined => fields.find(([field]) => field === name)?.[1];
  const data = of('data');
  return {
    id: of('id'),
    event: of('event'),
    data: data === undefined ? undefined : (JSON.parse(data) as unknown),
    comment: of(''),
  };
}
