import type { Command } from 'commander';

/** `pondera openapi`: the document that the service answers `/openapi.json` with, for generators of clients. */
export function addOpenApiCommand(program: Command): void {
  program
    .command('openapi')
    .description('print the OpenAPI 3.1 document of the service')
    .action(async () => {
      const [{ openApiDocument }, { PACKAGE_VERSION }] = await Promise.all([
        import('../server/openapi/document.ts'),
        import('../server/package-version.ts'),
      ]);
      process.stdout.write(`${JSON.stringify(openApiDocument(PACKAGE_VERSION), null, 2)}\n`);
    });
}
