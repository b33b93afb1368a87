// Prints what examples/pondera-api.ts has to be:
// node dist/test/examples/print-client-types.js > examples/pondera-api.ts
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../../src/server/openapi/document.ts';
import { clientTypes } from './client-types.ts';

const FILE = 'examples/pondera-api.ts';

/** The file as it has to be, formatted. */
export async function clientTypesFile(): Promise<string> {
  const config = await resolveConfig(FILE);
  return format(clientTypes(openApiDocument('')), { ...config, parser: 'typescript' });
}

if (process.argv[1] === import.meta.filename) process.stdout.write(await clientTypesFile());
