// Reload, kill, second tab, over real HTTP with real CORS. The pipeline's clock is the test's: a stage
// can only pass once the test has let its time come, and the request log proves who asked for what.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import {
  launchKillableBrowser, openPage, ready, runIs, shared, stageIs, startPipeline, temporaryFolder,
} from './support.mjs';

const at = shared();
let pipeline;

beforeEach(async () => {
  pipeline = await startPipeline();
  at.each.add(() => pipeline.stop());
});

/** The shipped chain over HTTP, polled quickly, against this test's pipeline. */
async function chain() {
  const response = await fetch(new URL('chains/http-pipeline.json', await assets()));
  const document = JSON.parse(await response.text());
  document.environments.local.pipeline = pipeline.url;
  document.poll.interval = '100ms';
  return document;
}

/** The folder that the page names as its own. */
async function assets() {
  const entry = await (await fetch(`${at.server.url}/embed.js`)).text();
  return new URL(`${/\.\/v-[0-9a-f]+\//.exec(entry)[0]}`, `${at.server.url}/`);
}

/** Starts the chain in a page, and lets the first systems have its event. */
async function startedRun(page) {
  const board = await ready(page);
  await board.save('http', await chain());
  await board.start('run-1', 'http');
  await page.goto(`${at.server.url}/#/runs/run-1`);
  await stageIs(page, 0, 'passed');
  await pipeline.advance(1000);
  await stageIs(page, 1, 'passed');
  await polled('stream', 1);
}

/** Waits until a system was asked so often. */
async function polled(system, times) {
  for (;;) {
    const log = await pipeline.log();
    if (log.filter((entry) => entry.system === system && entry.method !== 'OPTIONS').length >= times) return;
  }
}

/** What the log says of one system. */
async function asked(system) {
  const log = await pipeline.log();
  return log.filter((entry) => entry.system === system && entry.method !== 'OPTIONS').length;
}

async function finish(page) {
  await pipeline.advance(20_000);
  await runIs(page, 'passed');
  const log = await pipeline.log();
  const sent = log.filter((entry) => entry.method === 'POST' && entry.path === '/events');
  assert.equal(sent.length, 1, 'the event was sent once');
}

test('a reload in the middle resumes at the right stage and polls no passed stage again', async () => {
  const context = await at.browser.newContext({ locale: 'en-GB' });
  at.each.add(() => context.close());
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await startedRun(page);
  const collector = await asked('collector');
  await page.reload();
  await runIs(page, 'running');
  await stageIs(page, 1, 'passed');
  await polled('stream', (await asked('stream')) + 1);
  await finish(page);
  assert.equal(await asked('collector'), collector, 'a stage that passed is never polled again');
  check();
});

test('a browser that is killed resumes at the right stage when it is started again', async () => {
  const profile = await temporaryFolder();
  at.each.add(() => profile.remove());
  const first = await launchKillableBrowser(profile.path);
  const { page } = await openPage(first.context);
  await page.goto(at.server.url);
  await startedRun(page);
  const collector = await asked('collector');
  await first.kill();

  const second = await launchKillableBrowser(profile.path);
  at.each.add(() => second.kill());
  const again = await openPage(second.context);
  await again.page.goto(`${at.server.url}/#/runs/run-1`);
  await runIs(again.page, 'running');
  await stageIs(again.page, 1, 'passed');
  await polled('stream', (await asked('stream')) + 1);
  await finish(again.page);
  assert.equal(await asked('collector'), collector, 'a stage that passed is never polled again');
  again.check();
});

test('a second tab shows and steers the same run without polling, and takes over when the first closes', async () => {
  const context = await at.browser.newContext({ locale: 'en-GB' });
  at.each.add(() => context.close());
  const first = await openPage(context);
  await first.page.goto(at.server.url);
  await startedRun(first.page);

  const second = await openPage(context);
  await second.page.goto(`${at.server.url}/#/runs/run-1`);
  await second.page.locator('[data-health="follower"]').waitFor();
  await stageIs(second.page, 1, 'passed');
  await second.page.locator('[data-action="pause"]').click();
  await runIs(first.page, 'paused');
  const still = await asked('stream');
  await second.page.locator('[data-action="resume"]').click();
  await runIs(first.page, 'running');
  await polled('stream', still + 2);
  first.check();
  await first.page.close();
  await second.page.locator('[data-health="leader"]').waitFor();
  await polled('stream', (await asked('stream')) + 1);
  await finish(second.page);
  await everyRequestIsAnAttempt(await ready(second.page));
  second.check();
});

/** One request an attempt: had two tabs polled, there would be requests that no attempt tells of. */
async function everyRequestIsAnAttempt(board) {
  const { attempts } = await board.send({ list_attempts: { run: 'run-1' } });
  const log = (await pipeline.log()).filter((entry) => entry.method !== 'OPTIONS');
  const unsent = attempts.filter((attempt) => attempt.phase === 'lost').length;
  assert.ok(log.length <= attempts.length && log.length >= attempts.length - unsent, `${log.length} requests, ${attempts.length} attempts, ${unsent} lost`);
}

test('what a follower starts is sent by the leader', async () => {
  const context = await at.browser.newContext({ locale: 'en-GB' });
  at.each.add(() => context.close());
  const first = await openPage(context);
  await first.page.goto(at.server.url);
  await ready(first.page);
  const second = await openPage(context);
  await second.page.goto(at.server.url);
  const board = await ready(second.page);
  await second.page.locator('[data-health="follower"]').waitFor();
  await board.save('http', await chain());
  await board.start('run-1', 'http');
  await second.page.goto(`${at.server.url}/#/runs/run-1`);
  await stageIs(second.page, 0, 'passed');
  await pipeline.advance(20_000);
  await runIs(second.page, 'passed');
  await everyRequestIsAnAttempt(board);
  first.check();
  second.check();
});
