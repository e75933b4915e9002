// The README is kept true: its commands run, its chain is valid and does what it says, its files exist.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { cleanup, launchBrowser, openPage, ready, runIs, startPipeline, startServer } from './support.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync(`${ROOT}README.md`, 'utf8');

function blocks(language) {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map((found) => found[1].trim());
}

/** Ends within its own time, or the test's; its status is 0. */
function runs(command) {
  const done = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8', env: quiet() });
  assert.equal(done.status, 0, `${command}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

/** As a user's shell has it: what cargo says of the program that it runs stays out. */
function quiet() {
  const said = /^CARGO($|_(BIN|CRATE|MANIFEST|PKG|PRIMARY)_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !said.test(name)));
}

/** It prints its address, answers, and ends when it is told to. */
async function serves(command) {
  const [program, ...args] = command.split(' ');
  const options = { cwd: ROOT, env: quiet(), stdio: ['ignore', 'pipe', 'inherit'] };
  const child = spawn(program, [...args, '--port', '0', '--pipeline-port', '0'], options);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  let address;
  for await (const line of createInterface({ input: child.stdout })) {
    address = /Baton is at (http:\/\/\S+)/.exec(line)?.[1];
    if (address) break;
  }
  assert.ok(address, 'it says where the page is');
  const answer = await fetch(address);
  assert.match(await answer.text(), /<baton-board page/);
  assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
  child.kill('SIGINT');
  await gone;
}

// How each command of the README is seen to work. One that is not here fails the test below.
const COMMANDS = {
  'cargo xtask serve': serves,
  // This very run.
  'cargo xtask test': () => assert.ok(process.env.BATON_DIST),
  'cargo xtask setup --check': runs,
  'cargo xtask build': (command) => assert.match(runs(command), /engine together/),
  'cargo xtask test format': (command) => assert.match(runs(command), /^1 passed, 0 failed$/m),
  'cargo xtask test native:scheduler': (command) => assert.match(runs(command), /^[1-9]\d+ passed, 0 failed$/m),
};

/** A trigger without a browser: the last Fridays of three months. */
function fires(command) {
  const { fires } = JSON.parse(runs(command));
  assert.deepEqual(fires.map((at) => at.slice(0, 10)), ['2026-01-30', '2026-02-27', '2026-03-27']);
}

function judges(command) {
  const { verdict, reason } = JSON.parse(runs(command));
  assert.deepEqual([verdict, reason], ['pending', '1 of 2 at $[*]']);
}

const EXAMPLES = { next_fires: fires, evaluate: judges };

for (const command of blocks('sh').flatMap((block) => block.split('\n'))) {
  test(`README: ${command}`, async () => {
    const [, example] = /--example (\w+)$/.exec(command) ?? [];
    const proof = example ? EXAMPLES[example] : COMMANDS[command];
    assert.ok(proof, 'a command of the README has no proof here');
    await proof(command);
  });
}

test('README: the chain passes, and the files that are named exist', async () => {
  const steps = cleanup();
  try {
    const pipeline = await startPipeline();
    steps.add(() => pipeline.stop());
    const server = await startServer();
    steps.add(() => server.stop());
    const browser = await launchBrowser();
    steps.add(() => browser.close());
    const { page, check } = await openPage(await browser.newContext({ locale: 'en-GB' }));
    await page.goto(server.url);
    const board = await ready(page);
    const [chain] = blocks('json');
    await board.save('readme', chain.replace('http://127.0.0.1:8788', pipeline.url).replace('58s', '100ms'));
    await board.start('readme-run', 'readme');
    await page.goto(`${server.url}/#/runs/readme-run`);
    await page.locator('[data-stage="0"][data-status="passed"]').waitFor();
    await pipeline.advance(15_000);
    await runIs(page, 'passed');
    check();
  } finally {
    await steps.run();
  }
  const named = [...README.matchAll(/`((?:engine|ui|www|tests|xtask)\/[\w./-]*)`/g)].map((found) => found[1]);
  assert.ok(named.length > 8);
  for (const path of named) assert.ok(existsSync(ROOT + path), `${path} is not there`);
});
