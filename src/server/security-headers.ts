import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * Headers for an interface of JSON, and for pages of its own whose scripts, styles and pictures it serves itself.
 *
 * Nothing inline runs, nothing is framed, answers are not kept. Strict-Transport-Security is for who terminates TLS to set.
 */
export const securityHeaders: (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
});
