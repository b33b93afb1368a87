import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { DomainError } from '../domain/errors.ts';

/** Until the service has keys it answers this machine alone. */
const HOST = '127.0.0.1';

/** How often idle connections are closed while a server ends: kept-alive ones would hold it open. */
const IDLE_CHECK_MS = 50;

export interface RunningServer {
  readonly address: string;
  /** Finishes the requests that run, and no more. */
  close(): Promise<void>;
}

/** Listens on the loopback address. Throws `request_invalid` where the port cannot be had. Port 0 takes any free one. */
export async function listen(app: Express, port: number): Promise<RunningServer> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const found = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      reject(new DomainError('request_invalid', `port ${port} ${found}: expected a free port (--port)`));
    });
    server.listen(port, HOST, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return { address: `http://${HOST}:${actual}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error === undefined ? resolve() : reject(error)));
    });
  } finally {
    clearInterval(idle);
  }
}
