import { createRequire } from 'node:module';

/** The version of pondera, as its package.json has it. */
export const { version: PACKAGE_VERSION } = createRequire(import.meta.url)('../../../package.json') as {
  readonly version: string;
};
