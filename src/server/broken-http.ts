import type { Duplex } from 'node:stream';
import { problem } from './problem.ts';

/** Answers what is no HTTP request, which reaches no route, as a problem document too; then the connection is closed. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, reason, detail } = whatIsWrong(error.code);
  const body = JSON.stringify(problem(status, 'http_malformed', detail));
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function whatIsWrong(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, reason: 'Request Header Fields Too Large', detail: 'the headers are too long' };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, reason: 'Request Timeout', detail: 'the request did not arrive in time' };
  }
  return { status: 400, reason: 'Bad Request', detail: 'expected a request of HTTP/1.1' };
}
