import { spawnSync } from 'node:child_process';

/** The first that takes constraints with a trial, as `optuna_peer.py` gives them. */
const OLDEST_MAJOR = 5;

const CODE = 'import optuna, torch; print(optuna.__version__)';

/** The version of Optuna that an interpreter has, or in a few words why it cannot be used. */
export type FoundOptuna = { readonly version: string } | { readonly missing: string };

export function findOptuna(python: string): FoundOptuna {
  const { status, error, stdout, stderr } = spawnSync(python, ['-c', CODE], { encoding: 'utf8' });
  if (error !== undefined) return { missing: `${python} cannot be run (${error.message})` };
  if (status !== 0) {
    const reason = stderr.trim().split('\n').at(-1)!;
    return { missing: `${python} cannot import optuna and torch (${reason}): pip install optuna torch` };
  }
  const version = stdout.trim();
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return { version };
  return { missing: `${python} has optuna ${version}: expected ${OLDEST_MAJOR} or newer` };
}
