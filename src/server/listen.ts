import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '../domain/errors.ts';
import { answerBrokenHttp } from './broken-http.ts';

/** Until the service has keys it answers this machine alone. */
const HOST = '127.0.0.1';

/** How often connections that wait for nothing are closed while a server ends: kept-alive ones would hold it open. */
const IDLE_CHECK_MS = 50;

export interface RunningServer {
  readonly address: string;
  /** Finishes the requests that run, and no more. */
  close(): Promise<void>;
}

/**
 * Listens on the loopback address; port 0 takes any free one. `start` makes the app, once the port is had and before any
 * request is answered: what it opens or creates is not touched in vain.
 *
 * Throws `request_invalid` where the port cannot be had, and what `start` throws.
 */
export async function listen(port: number, start: () => Promise<RequestListener>): Promise<RunningServer> {
  // A request without a host gets the app's answer: Node's own has no body.
  const server = createServer({ requireHostHeader: false });
  server.on('clientError', answerBrokenHttp);
  const open = new Set<IncomingMessage>();
  server.on('request', (request, response) => {
    open.add(request);
    response.once('close', () => open.delete(request));
  });
  await takePort(server, port);
  const starting = start();
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
  const { port: actual } = server.address() as AddressInfo;
  return { address: `http://${HOST}:${actual}`, close: () => closeServer(server, open) };
}

function takePort(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const found = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      reject(new DomainError('request_invalid', `port ${port} ${found}: expected a free port (--port)`));
    });
    server.listen(port, HOST, resolve);
  });
}

/** `open` are the requests without an answer; one whose body has not arrived yet is not waited for. */
async function closeServer(server: Server, open: ReadonlySet<IncomingMessage>): Promise<void> {
  const idle = setInterval(() => {
    server.closeIdleConnections();
    if (![...open].some(({ complete }) => complete)) server.closeAllConnections();
  }, IDLE_CHECK_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error === undefined ? resolve() : reject(error)));
    });
  } finally {
    clearInterval(idle);
  }
}
