import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router } from 'express';
import { methodNotAllowed } from './method-not-allowed.ts';
import { openApiDocument } from './openapi/document.ts';
import { PACKAGE_VERSION } from './package-version.ts';
import { notFound } from './problem.ts';

/** The page has no script or style of its own: what is inline, the content security policy refuses. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>pondera ${PACKAGE_VERSION}</title>
    <link rel="stylesheet" href="./docs/swagger-ui.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <noscript>This page needs JavaScript. The document that it shows is <a href="openapi.json">openapi.json</a>.</noscript>
    <script src="./docs/swagger-ui-bundle.js"></script>
    <script src="./docs/start.js"></script>
  </body>
</html>
`;

/** Nothing is sent to other hosts: the validator of swagger.io, which Swagger UI asks otherwise, is off. */
const START = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  requestSnippetsEnabled: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** Whole, and not to be kept, like all answers. */
const SENT = {
  root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
  acceptRanges: false,
  cacheControl: false,
  etag: false,
  lastModified: false,
};

const OF_SWAGGER_UI: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js']);

/**
 * `/openapi.json`, and `/docs`, which shows it with Swagger UI from this machine. They tell nothing of any study, and a browser
 * cannot send a key with the address of a page: they need none.
 */
export function docs(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  let document: string | undefined;
  router
    .route('/openapi.json')
    .get((_request, response) => {
      document ??= JSON.stringify(openApiDocument(PACKAGE_VERSION));
      response.type('application/json').send(document);
    })
    .all(methodNotAllowed('GET, HEAD'));
  router
    .route('/docs')
    .get((_request, response) => {
      response.type('text/html').send(PAGE);
    })
    .all(methodNotAllowed('GET, HEAD'));
  router
    .route('/docs/:file')
    .get((request, response, next) => {
      const { file } = request.params;
      if (file === 'start.js') response.type('text/javascript').send(START);
      else if (OF_SWAGGER_UI.has(file)) response.sendFile(file, SENT);
      else notFound(request, response, next);
    })
    .all(methodNotAllowed('GET, HEAD'));
  return router;
}
