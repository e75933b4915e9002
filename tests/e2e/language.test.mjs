// The module that reads and judges chains: who loads it, when, and what is said when it can't be loaded.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { START, addJob, advance, openScheduler, servePlainPage } from './scheduler-support.mjs';
import { openPage, ready, shared } from './support.mjs';

const LANGUAGE = /\/pkg\/verify\//;
const ENGINE = /\/pkg\/engine\/.*\.wasm$/;

const at = shared();
let context;
/** The paths of what was fetched of the module. */
let fetched;

beforeEach(async () => {
  context = await at.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  at.each.add(() => context.close());
  fetched = [];
  context.on('request', (request) => {
    if (LANGUAGE.test(request.url())) fetched.push(new URL(request.url()).pathname);
  });
});

test('a board loads it while its engine is still on the way', async () => {
  let asked;
  const isAsked = new Promise((resolve) => (asked = resolve));
  await context.route(LANGUAGE, (route) => {
    asked();
    return route.continue();
  });
  // The engine comes only after the other was asked for: one after the other, neither ever would.
  await context.route(ENGINE, async (route) => {
    await isAsked;
    await route.continue();
  });
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await ready(page);
  await page.locator('[data-action="run-sample"]').waitFor();
  check();
});

test('a page that only schedules never loads it', async () => {
  await servePlainPage(context);
  const options = { storage: 'memory', clock: { start: START }, locale: 'en' };
  const { page, check } = await openScheduler(context, at.server.url, options);
  await addJob(page, { id: 'j', trigger: { type: 'interval', seconds: 10 } });
  await advance(page, 10_000, 1);
  assert.deepEqual(fetched, []);
  check();
});

test('without it the board says so, and goes on where it was once it can be had', async () => {
  const { page, check } = await openPage(context, { expected: [/ERR_FAILED/] });
  await page.goto(at.server.url);
  const board = await ready(page);
  await board.save('kept', { baton: 1, name: 'Kept', stages: [{ name: 's', request: { url: 'demo:///x' } }] });
  await context.route(LANGUAGE, (route) => route.abort());
  await page.reload();
  const screen = page.locator('[data-fatal="crashed"]');
  await screen.waitFor();
  assert.match(await screen.textContent(), /the module that reads chains could not be loaded/);
  await context.unroute(LANGUAGE);
  await page.locator('[data-action="restart"]').click();
  await page.locator('[data-chain="kept"]').waitFor();
  assert.ok(fetched.length > 0);
  check();
});
