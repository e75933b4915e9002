// What a user sees when there is nothing to see, and when something stands in the way: first run, empty,
// offline, full, blocked, crashed, a newer database, an address without locks. Each in both languages.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { launchBrowser, openPage, ready, runIs, shared, stageIs, violationsOf } from './support.mjs';

const CHINESE = /[\u4e00-\u9fff]/;

const at = shared();

/** A page of a new profile, whose engine's clock is the test's. */
async function open({ path = '', expected, attributes = 'locale="en"', prepare } = {}) {
  const context = await at.profile({}, attributes);
  const { page, check } = await openPage(context, { expected });
  await prepare?.(context, page);
  await page.goto(at.server.url + path);
  return { context, page, check };
}

async function opened(options) {
  const { page, ...rest } = await open(options);
  return { page, board: await ready(page), ...rest };
}

/** The text of a place in English, and that it is another one in Chinese. */
async function inBoth(page, place) {
  const english = await place.innerText();
  await page.evaluate(() => document.querySelector('baton-board').setAttribute('locale', 'zh-CN'));
  await page.locator('.baton[lang="zh-CN"]').waitFor();
  assert.match(await place.innerText(), CHINESE);
  await page.evaluate(() => document.querySelector('baton-board').setAttribute('locale', 'en'));
  await page.locator('.baton[lang="en"]').waitFor();
  return english;
}

const waits = (name, url) => ({
  name, request: { url },
  checks: [{ source: { jsonpath: '$.ok' }, op: 'equals', value: true }],
});
const chainOf = (name, ...stages) => ({ baton: 1, name, poll: { interval: '10s', timeout: '2m' }, stages });

/** Starts a server that answers as `answer` says, on a port of its own. */
async function serve(answer) {
  const { url } = await at.serve((request, response) => {
    const { status = 200, body = {} } = answer(request);
    response.writeHead(status, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  return url;
}

test('a first visit has one thing to do, and three hints when it is done', async () => {
  const { page, board, check } = await opened();
  const welcome = page.locator('[data-welcome]');
  assert.equal(await page.locator('.button.primary:visible').count(), 1);
  assert.match(await inBoth(page, welcome), /Run the sample chain/);
  await page.locator('[data-action="run-sample"]').click();
  const hints = page.locator('[data-hints]');
  await stageIs(page, 0, 'passed').catch(() => {});
  assert.ok(await hints.isHidden(), 'not while there is something to watch');
  await board.advance(20_000);
  await runIs(page, 'passed');
  await hints.waitFor();
  assert.equal(await hints.locator('[data-hint]').count(), 3);
  assert.match(await inBoth(page, hints), /“Not yet” is no error/);
  assert.deepEqual(await violationsOf(page), []);
  await page.locator('[data-action="dismiss-hints"]').click();
  assert.ok(await hints.isHidden());
  await page.reload();
  await page.locator('[data-screen="run"][data-status="passed"]').waitFor();
  assert.ok(await hints.isHidden(), 'nor ever again');
  check();
});

test('from the hints the sample is copied into a chain of one\'s own', async () => {
  const { page, board, check } = await opened();
  await page.locator('[data-action="run-sample"]').click();
  await board.advance(20_000);
  await runIs(page, 'passed');
  await page.locator('[data-action="copy-sample"]').click();
  await page.locator('[data-screen="editor"]').waitFor();
  await page.locator('[data-check-state="valid"]').waitFor();
  check();
});

test('where there is nothing, a sentence says so and what to do', async () => {
  const { page, board, check } = await opened();
  await page.goto(`${at.server.url}/#/chains/sample`);
  await page.locator('[data-action="start"]').first().waitFor();
  for (const place of ['/#/runs/nowhere', '/#/chains/nowhere']) {
    await page.goto(at.server.url + place);
    const missing = page.locator('.screen .blank');
    await missing.waitFor();
    assert.ok((await inBoth(page, missing)).length > 10);
    assert.ok(await missing.locator('a, button').count() > 0 || await page.locator('[data-action="back"]').count() > 0, place);
  }
  await page.goto(`${at.server.url}/#/`);
  await board.save('another', chainOf('Another', waits('One', 'demo:///micro/good')));
  await page.locator('[data-action="filter"]').fill('nothing is called so');
  await page.locator('[data-blank="filter"]').waitFor();
  await inBoth(page, page.locator('[data-blank="filter"]'));
  await page.locator('[data-action="clear-filter"]').click();
  await page.locator('[data-chain="another"]').waitFor();
  for (const chain of ['another', 'sample', 'http-pipeline']) await board.send({ remove_chain: { chain } });
  const none = page.locator('[data-blank="chains"]');
  await none.waitFor();
  assert.match(await inBoth(page, none), /No chains yet/);
  await none.locator('[data-action="new"]').click();
  await page.locator('[data-screen="editor"]').waitFor();
  check();
});

test('offline is said above every screen, and goes by itself', async () => {
  const { context, page, check } = await opened();
  const notice = page.locator('[data-trouble="offline"]');
  assert.equal(await notice.count(), 0);
  await context.setOffline(true);
  await notice.waitFor();
  assert.match(await inBoth(page, notice), /You are offline/);
  await context.setOffline(false);
  await notice.waitFor({ state: 'detached' });
  check();
});

/** A page whose browser has so much space for it, in bytes, until that is taken back. */
async function openedWith(quotaSize) {
  const origin = new URL(at.server.url).origin;
  let session;
  const page = await opened({
    async prepare(context, page) {
      session = await context.newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
    },
  });
  return { ...page, makeSpace: () => session.send('Storage.overrideQuotaForOrigin', { origin }) };
}

test('a full disk stops polling and says so; the run goes on in memory once its user agrees', async () => {
  let there = false;
  const api = await serve(() => ({ body: { ...(there && { ok: true }), filler: randomBytes(100_000).toString('hex') } }));
  const { page, board, check, makeSpace } = await openedWith(1_000_000);
  await board.save('full', chainOf('A full disk', waits('Collector', `${api}/a`)));
  await board.start('full-run', 'full');
  await page.goto(`${at.server.url}/#/runs/full-run`);
  const notice = page.locator('[data-trouble="not-kept"]');
  // What is kept of each answer fills it. The clock stands still while a commit is tried again.
  await page.evaluate(() => void document.querySelector('baton-board').advance(90_000));
  await notice.waitFor();
  assert.match(await inBoth(page, notice), /can't take what is new[\s\S]*Quota/);
  assert.deepEqual(await violationsOf(page), []);
  await page.locator('[data-action="keep-in-memory"]').click();
  const memory = page.locator('[data-trouble="in-memory"]');
  await memory.waitFor();
  assert.match(await inBoth(page, memory), /kept in memory only/);
  await page.locator('[data-health="new-in-memory"]').waitFor();
  assert.equal(await page.locator('[data-health="database"]').count(), 0);
  // The disk is as full as before: what was to be put there stays in memory.
  await board.send({ keep_in: { storage: 'indexeddb' } });
  await board.advance(1000);
  assert.ok(await memory.isVisible());
  there = true;
  await board.advance(20_000);
  await runIs(page, 'passed');
  // Its evidence is read from memory as from a database.
  await page.locator('[data-stage="0"] [data-action="fold"]').click();
  await page.locator('[data-attempt] [data-action="open-attempt"]').last().click();
  await page.locator('[data-paper="response"]').first().waitFor();
  // Once there is space it is put where it belongs, and outlives the page.
  await makeSpace();
  await page.locator('[data-action="keep-in-database"]').click();
  await memory.waitFor({ state: 'detached' });
  await page.reload();
  await runIs(page, 'passed');
  check();
});

test('space that was made is used at once', async () => {
  const { page, check, makeSpace } = await openedWith(300_000);
  const document = { ...chainOf('Saved late', waits('One', 'demo:///micro/good')), 'x-note': 'x'.repeat(400_000) };
  await page.evaluate((document) => void globalThis.document.querySelector('baton-board').send(
    { save_chain: { chain: 'late', document, base: null } },
  ), JSON.stringify(document));
  await page.evaluate(() => void document.querySelector('baton-board').advance(30_000));
  await page.locator('[data-trouble="not-kept"]').waitFor();
  assert.equal(await page.locator('[data-chain="late"]').count(), 0, 'nothing is shown that is not kept');
  await makeSpace();
  await page.locator('[data-action="keep-in-database"]').click();
  await page.locator('[data-chain="late"]').waitFor();
  await page.locator('[data-trouble]').waitFor({ state: 'detached' });
  check();
});

test('a token that is not taken any more blocks the run, and says what to do', async () => {
  let answer = {};
  const api = await serve(() => answer);
  const { page, board, check } = await opened({ expected: [/401/] });
  await board.save('token', chainOf('A token that expires', waits('Collector', `${api}/a`)));
  await board.start('token-run', 'token');
  await page.goto(`${at.server.url}/#/runs/token-run`);
  await stageIs(page, 0, 'waiting');
  answer = { status: 401 };
  await board.advance(10_000);
  await runIs(page, 'blocked');
  const why = page.locator('[data-stage="0"] .stage-why');
  await why.waitFor();
  assert.match(await inBoth(page, why), /401/);
  answer = { body: { ok: true } };
  await page.locator('[data-action="resume"]').first().click();
  await board.advance(10_000);
  await runIs(page, 'passed');
  check();
});

test('a worker that crashes is followed by another, and its run goes on', async () => {
  const { page, board, check } = await opened({ expected: [/the test ends this worker/] });
  await page.locator('[data-action="run-sample"]').click();
  await board.advance(3_000);
  await stageIs(page, 1, 'passed');
  const [worker] = page.workers();
  await worker.evaluate(() => void setTimeout(() => { throw new Error('the test ends this worker'); }));
  const fatal = page.locator('[data-fatal="crashed"]');
  await fatal.waitFor();
  assert.match(await fatal.innerText(), /started again by itself/);
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(30_000);
  await runIs(page, 'passed');
  check();
});

test('what was kept in memory only is gone with its worker, and that is said', async () => {
  const { page, check } = await open({
    expected: [/the test ends this worker/],
    attributes: 'storage="memory" locale="en"',
  });
  await ready(page);
  const [worker] = page.workers();
  await worker.evaluate(() => void setTimeout(() => { throw new Error('the test ends this worker'); }));
  const fatal = page.locator('[data-fatal="crashed"]');
  await fatal.waitFor();
  assert.match(await inBoth(page, fatal), /kept in memory is gone with it/);
  await fatal.locator('[data-action="restart"]').click();
  await page.locator('[data-screen="board"]').waitFor();
  check();
});

test('a database that can not be used is left as it is, and memory is offered', async () => {
  const { page } = await open({ path: '/icon.svg' });
  // Of the very version of this page, and without any of its tables.
  await page.goto(at.server.url);
  await ready(page);
  const [{ version }] = await page.evaluate(() => indexedDB.databases());
  await page.goto(`${at.server.url}/icon.svg`);
  await page.evaluate((version) => new Promise((resolve, reject) => {
    const removed = indexedDB.deleteDatabase('baton-baton');
    removed.onerror = reject;
    removed.onsuccess = () => {
      const request = indexedDB.open('baton-baton', version);
      request.onerror = reject;
      request.onsuccess = () => { request.result.close(); resolve(); };
    };
  }), version);
  await page.goto(at.server.url);
  const fatal = page.locator('[data-fatal="database"]');
  await fatal.waitFor();
  assert.match(await inBoth(page, fatal), /database can't be opened/);
  assert.deepEqual(await violationsOf(page), []);
  await fatal.locator('[data-action="memory"]').click();
  await page.locator('[data-screen="board"]').waitFor();
  await page.locator('[data-health="memory"]').waitFor();
});

test('a machine that slept polls once for all that was missed, and the run shows the gap', async () => {
  const api = await serve(() => ({}));
  const { page, board, check } = await opened();
  const stage = { ...waits('Collector', `${api}/a`), poll: { interval: '10s', timeout: '1h' } };
  await board.save('sleeper', chainOf('A machine that sleeps', stage));
  await board.start('sleeper-run', 'sleeper');
  await board.advance(25_000);
  await page.goto(`${at.server.url}/#/runs/sleeper-run`);
  const attempts = page.locator('[data-stage="0"] [data-attempt]');
  await attempts.nth(2).waitFor();
  await board.advance(240_000, { asleep: true });
  await attempts.nth(3).waitFor();
  assert.equal(await attempts.count(), 4, 'one poll, not twenty-four');
  await page.locator('.gantt-row[data-row="0"] .asleep').waitFor({ state: 'attached' });
  const latest = page.locator('[data-stage="0"] [data-attempt="4"]');
  assert.match(await latest.innerText(), /\b5 s\b/, 'it says how late it was');
  await board.advance(10_000);
  await page.locator('[data-stage="0"] [data-attempt="5"]').waitFor();
  check();
});

test('data of a newer page is left alone, and that is said', async () => {
  const { page } = await open({ path: '/icon.svg' });
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('baton-baton', 1000);
    request.onerror = reject;
    request.onsuccess = () => { request.result.close(); resolve(); };
  }));
  await page.goto(at.server.url);
  const fatal = page.locator('[data-fatal="newer_database"]');
  await fatal.waitFor();
  assert.match(await inBoth(page, fatal), /newer version of this page/);
});

test('over plain http from another host only memory is offered', async () => {
  const browser = await launchBrowser('--host-resolver-rules=MAP baton.test 127.0.0.1');
  at.each.add(() => browser.close());
  const context = await browser.newContext({ locale: 'en-GB' });
  const { page, check } = await openPage(context, { expected: [/Cross-Origin-Opener-Policy header has been ignored/] });
  await page.goto(`http://baton.test:${new URL(at.server.url).port}/`);
  const fatal = page.locator('[data-fatal="no_locks"]');
  await fatal.waitFor();
  assert.match(await inBoth(page, fatal), /not in a secure context/);
  await fatal.locator('[data-action="memory"]').click();
  await page.locator('[data-screen="board"]').waitFor();
  await page.locator('[data-health="memory"]').waitFor();
  check();
});
