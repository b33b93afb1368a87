import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { DomainError } from '../domain/errors.ts';
import { answerBrokenHttp } from './broken-http.ts';

const LOOPBACK = '127.0.0.1';

/** How often connections that wait for nothing are closed while a server ends: kept-alive ones would hold it open. */
const IDLE_CHECK_MS = 50;

export interface RunningServer {
  readonly address: string;
  /** Finishes the requests that run, and no more; what is not finished after `limitMs` is cut. */
  close(limitMs?: number): Promise<void>;
}

/**
 * Listens on an address, this machine's loopback one unless another is given; port 0 takes any free one. `start` makes the
 * app, once the port is had and before any request is answered: what it opens or creates is not touched in vain. It is told
 * the address that a name or a blank has turned out to be.
 *
 * Throws `request_invalid` where address or port cannot be had, and what `start` throws.
 */
export async function listen(
  port: number,
  start: (address: string) => Promise<RequestListener>,
  host = LOOPBACK,
): Promise<RunningServer> {
  // A request without a host gets the app's answer: Node's own has no body.
  const server = createServer({ requireHostHeader: false });
  server.on('clientError', answerBrokenHttp);
  const open = new Set<IncomingMessage>();
  server.on('request', (request, response) => {
    open.add(request);
    response.once('close', () => open.delete(request));
  });
  await takePort(server, port, host);
  const { address, port: actual } = server.address() as AddressInfo;
  const starting = start(address);
  server.on('request', (request, response) => {
    starting.then(
      (app) => app(request, response),
      () => response.destroy(),
    );
  });
  try {
    await starting;
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }
  const name = isIPv6(address) ? `[${address}]` : address;
  return {
    address: `http://${name}:${actual}`,
    close: (limitMs) => closeServer(server, open, limitMs),
  };
}

function takePort(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new DomainError('request_invalid', refusal(error.code, port, host)));
    });
    server.listen(port, host, resolve);
  });
}

/** Errors that lie in the address and not in the port. */
const NO_ADDRESS: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EINVAL',
  'EAFNOSUPPORT',
]);

function refusal(code: string | undefined, port: number, host: string): string {
  if (NO_ADDRESS.has(code)) {
    return `host ${host} is no address of this machine (${code}): expected one, such as 127.0.0.1 (--host)`;
  }
  const found = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
  return `port ${port} ${found}: expected a free port (--port)`;
}

/** `open` are the requests without an answer; one whose body has not arrived yet is not waited for. */
async function closeServer(
  server: Server,
  open: ReadonlySet<IncomingMessage>,
  limitMs = Infinity,
): Promise<void> {
  const end = performance.now() + limitMs;
  const idle = setInterval(() => {
    server.closeIdleConnections();
    const isOver = performance.now() > end || ![...open].some(({ complete }) => complete);
    if (isOver) server.closeAllConnections();
  }, IDLE_CHECK_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error === undefined ? resolve() : reject(error)));
    });
  } finally {
    clearInterval(idle);
  }
}
