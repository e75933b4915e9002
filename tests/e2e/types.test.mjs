// The scheduler's types, as a compiler sees them: a program that uses the whole API is right, and what
// it marks as wrong is wrong.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMPILER = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const OPTIONS = [
  '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'esnext',
  '--moduleResolution', 'bundler', '--lib', 'es2022,dom',
];

test('a program that uses the whole API compiles under --strict', () => {
  const program = fileURLToPath(new URL('../types/scheduler.ts', import.meta.url));
  const done = spawnSync(process.execPath, [COMPILER, ...OPTIONS, program], { encoding: 'utf8' });
  assert.equal(done.stdout + done.stderr, '');
  assert.equal(done.status, 0);
});
