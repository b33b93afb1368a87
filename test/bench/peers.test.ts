import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fourWeights } from '../../bench/problems/four-weights.ts';
import { gardner2 } from '../../bench/problems/gardner2.ts';
import { findOptuna } from '../../bench/peers/find-optuna.ts';
import { openOptuna } from '../../bench/peers/optuna.ts';
import { outcomeOf, runOptuna } from '../../bench/peers/run-optuna.ts';
import { measuredBaseline } from '../../bench/races/run-study.ts';
import { violations } from '../../math/polytope/polytope.ts';
import { encodeStudy, toVector } from '../../src/optimizer/encode.ts';
import { guardrailBounds } from '../../src/optimizer/guardrail-bounds.ts';

const PYTHON = process.env['PONDERA_PYTHON'] ?? 'python3';

/** More than the ten that Optuna draws at random before it models. */
const CANDIDATES = 12;

let folder: string;
let scripts = 0;

/** A program that answers as an interpreter does. */
function interpreter(commands: string): string {
  const path = join(folder, `python-${++scripts}`);
  writeFileSync(path, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  return path;
}

describe('outcomeOf', () => {
  it('turns metrics into a value to minimise and constraints that c <= 0 meets', () => {
    const definition = gardner2.study(0);
    const bounds = guardrailBounds(definition, [])!;
    expect(outcomeOf(definition, bounds, { value: 3, c: -1.2 })).to.deep.equal({
      value: 3,
      constraints: [-0.25],
    });
  });

  it('turns around what is to be maximised and what has a lower bound', () => {
    const definition = fourWeights.study(0);
    const trials = measuredBaseline(definition, fourWeights.measure);
    const bounds = guardrailBounds(definition, trials)!.map((bound) => ({ ...bound, bound: 0.25 }));
    const metrics = { long_click: 0.5, save: 0.25, click: 0.75, close_up: 0.125 };
    expect(outcomeOf(definition, bounds, metrics)).to.deep.equal({
      value: -0.5,
      constraints: [-0, -0.5, 0.125],
    });
  });
});

describe('Optuna as a peer', () => {
  before(() => (folder = mkdtempSync(join(tmpdir(), 'pondera-peers-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('is not looked for in vain without a reason: no interpreter, no module, too old a version', () => {
    expect(findOptuna('no-such-interpreter')).to.deep.equal({
      missing: 'no-such-interpreter cannot be run (spawnSync no-such-interpreter ENOENT)',
    });
    const noModule = interpreter(
      'echo Traceback >&2; echo ModuleNotFoundError: No module named optuna >&2; exit 1',
    );
    expect(findOptuna(noModule)).to.deep.equal({
      missing: `${noModule} cannot import optuna and torch (ModuleNotFoundError: No module named optuna): pip install optuna torch`,
    });
    const old = interpreter('echo 4.6.0');
    expect(findOptuna(old)).to.deep.equal({ missing: `${old} has optuna 4.6.0: expected 5 or newer` });
    expect(findOptuna(interpreter('echo 5.1.0'))).to.deep.equal({ version: '5.1.0' });
  });

  it(`suggests ${CANDIDATES} candidates that keep the sum, the same for the same seed`, async function () {
    const found = findOptuna(PYTHON);
    if ('missing' in found) {
      process.stdout.write(`    skipped: ${found.missing} (PONDERA_PYTHON names another)\n`);
      this.skip();
    }
    const optuna = openOptuna(PYTHON);
    const definition = fourWeights.study(1);
    const trials = await runOptuna(optuna, definition, fourWeights.measure, CANDIDATES);
    const again = await runOptuna(optuna, definition, fourWeights.measure, CANDIDATES);
    await optuna.end();
    expect(trials.length).to.equal(1 + CANDIDATES);
    expect(again).to.deep.equal(trials);
    const encoding = encodeStudy(definition);
    for (const { weights } of trials) {
      expect(violations(encoding.polytope, toVector(encoding, weights!))).to.deep.equal([]);
    }
  });
});
