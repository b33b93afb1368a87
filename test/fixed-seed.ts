import * as fc from 'fast-check';

/** Property tests try the same values each time; `PONDERA_TEST_SEED` says others. */
fc.configureGlobal({ seed: Number(process.env['PONDERA_TEST_SEED'] ?? 1) });
