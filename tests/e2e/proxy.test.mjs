// A system that does not allow the page's origin, reached by the proxy on the page's own server.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, beforeEach, test } from 'node:test';

import {
  NOON, listen, openPage, ready, runIs, shared, stageIs, startServer, temporaryFolder, withAttributes,
} from './support.mjs';

const INTERVAL = 58_000;
const TOKEN = 'baton-test-token-1';
const EXPECTED = [/Failed to load resource/];

const at = shared();
const log = [];
let context;
let api;
let site;

/** Without CORS, and with a header that the proxy withholds. */
function answer(request, response) {
  log.push(`${request.method} ${request.url}`);
  if (request.url === '/away') return response.writeHead(302, { location: '/events' }).end();
  const headers = { 'content-type': 'application/json', 'x-run': '7', 'set-cookie': 'a=b', 'retry-after': '3' };
  return response.writeHead(200, headers).end('{"ok": true}');
}

before(async () => {
  api = (await listen(answer)).url;
});

beforeEach(async () => {
  log.length = 0;
  const folder = await temporaryFolder();
  at.each.add(() => folder.remove());
  await writeFile(join(folder.path, 'token'), TOKEN);
  const config = `origins = ["self"]
token = { file = ${JSON.stringify(join(folder.path, 'token'))} }
[upstreams.api]
base = "${api}"
all_paths = true
private = ["127.0.0.1"]
`;
  await writeFile(join(folder.path, 'proxy.toml'), config);
  site = await startServer({ proxy: join(folder.path, 'proxy.toml') });
  at.each.add(() => site.stop());
  context = await at.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  at.each.add(() => context.close());
  await withAttributes(context, `clock="test:${NOON}"`);
});

function chain(request, rest = {}) {
  return {
    baton: 1, name: 'Proxied',
    stages: [{
      name: 'System', transport: 'proxy', request,
      checks: [{ source: { jsonpath: '$.ok' }, op: 'equals', value: true }], ...rest,
    }],
  };
}

async function open(url = site.url) {
  const { page, check } = await openPage(context, { expected: EXPECTED });
  await page.goto(url);
  return { page, check, board: await ready(page), stage: page.locator('[data-stage="0"]') };
}

async function start(page, board, request, rest) {
  await board.save('proxied', chain(request, rest));
  await page.locator('[data-chain="proxied"] [data-action="start"]').click();
  await page.locator('[data-chain="proxied"] [data-action="open"]').click();
}

/** Waits for the stage's sentence, in both languages. */
async function says(page, stage, en, zh) {
  const set = (locale) => page.evaluate((locale) => document.querySelector('baton-board').update({ locale }), locale);
  await stage.locator('.stage-why', { hasText: en }).waitFor();
  await set('zh-CN');
  await stage.locator('.stage-why', { hasText: zh }).waitFor();
  await set('en');
  await stage.locator('.stage-why', { hasText: en }).waitFor();
}

async function enter(page, token) {
  await page.locator('[data-action="proxy-token"]').fill(token);
  await page.locator('[data-action="use-token"]').click();
}

/** Everything that this origin has stored, but for the token's own place. */
function stored(page) {
  return page.evaluate(async () => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((resolve) => {
        indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result);
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        found.push(await new Promise((resolve) => (all.onsuccess = () => resolve(JSON.stringify(all.result)))));
      }
      database.close();
    }
    return found.join('\n');
  });
}

test('a server without CORS is read by the proxy, once its token was entered', async () => {
  const { page, check, board, stage } = await open();
  await start(page, board, { url: `${api}/events?id=1` }, { once: true });
  await runIs(page, 'blocked');
  await says(page, stage, 'the proxy needs its token; enter it, then resume', '代理需要令牌；请输入，然后继续');
  await enter(page, 'not-the-token-at-all');
  await runIs(page, 'running');
  await board.advance(INTERVAL);
  await says(page, stage, "the token is not the proxy's; enter the right one, then resume", '令牌不是代理的令牌');
  assert.deepEqual(log, [], 'nothing was passed on without the token');
  await runIs(page, 'blocked');
  await enter(page, TOKEN);
  await runIs(page, 'running');
  await board.advance(INTERVAL);
  await runIs(page, 'passed');
  assert.deepEqual(log, ['GET /events?id=1']);

  // The evidence has the real address, how it was sent, and what is hidden; nothing has the token.
  await stage.locator('[data-action="fold"]').click();
  const attempt = stage.locator('[data-attempt]').first();
  await attempt.locator('[data-action="open-attempt"]').click();
  const request = attempt.locator('[data-paper="request"]');
  await request.waitFor();
  assert.ok((await request.textContent()).includes(`${api}/events?id=1`));
  assert.match(await request.textContent(), /sent by this page's proxy/);
  const response = attempt.locator('[data-paper="response"]');
  assert.match(await response.locator('.headers').textContent(), /retry-after3/);
  assert.match(await response.locator('[data-hidden-headers]').textContent(), /Hidden, since the proxy withholds them: .*x-run/);
  assert.ok(!(await response.locator('.headers').textContent()).includes('x-baton'), 'the proxy says nothing of itself');
  assert.ok(!(await stored(page)).includes(TOKEN));

  // It is entered once for this browser: after a reload a new run just passes.
  const first = await page.locator('[data-screen="run"]').getAttribute('data-run');
  await page.reload();
  await ready(page);
  await page.locator('[data-screen="run"] [data-action="start"]').click();
  await page.locator(`[data-screen="run"][data-status="passed"]:not([data-run="${first}"])`).waitFor();
  assert.equal(log.length, 2);
  check();
});

test('a token that a following tab was given reaches the one that leads', async () => {
  const leader = await open();
  const follower = await open();
  await start(leader.page, leader.board, { url: `${api}/events` });
  await runIs(leader.page, 'blocked');
  await follower.page.locator('[data-chain="proxied"] [data-action="open"]').click();
  await enter(follower.page, TOKEN);
  await runIs(follower.page, 'passed');
  await runIs(leader.page, 'passed');
  leader.check();
});

test('what the proxy does not pass on is said with its mend', async () => {
  const { page, check, board, stage } = await open();
  const again = async (request) => {
    await page.goto(`${site.url}/#/`);
    await start(page, board, request);
  };
  await start(page, board, { url: 'http://other.example/events' });
  await runIs(page, 'blocked');
  await enter(page, TOKEN);
  await runIs(page, 'failed');
  await says(page, stage, 'the proxy lists no upstream for http://other.example', '代理没有列出 http://other.example 的上游');
  await again({ url: `${api}/events`, headers: { 'x-mine': '1' } });
  await runIs(page, 'failed');
  await says(page, stage, 'the proxy does not pass the header `x-mine` on', '代理不转发请求头 `x-mine`');
  await again({ method: 'DELETE', url: `${api}/events` });
  await says(page, stage, 'the proxy: api takes GET, HEAD only', '代理：api 只接受 GET、HEAD');
  assert.deepEqual(log, []);
  await again({ url: `${api}/away` });
  await says(page, stage, 'the proxy: the upstream answered 302 and leads to /events', '代理：上游返回 302');
  assert.deepEqual(log, ['GET /away']);
  check();
});

test('a check on a header that the proxy withholds says hidden, and not missing', async () => {
  const { page, check, board, stage } = await open();
  const checks = [{ source: { header: 'X-Run' }, op: 'equals', value: '7' }];
  await start(page, board, { url: `${api}/events` }, { checks });
  await runIs(page, 'blocked');
  await enter(page, TOKEN);
  await says(page, stage, 'the header `x-run` is withheld by the proxy; add it to `response_headers`', '响应头 `x-run` 被代理拦下');
  await stageIs(page, 0, 'waiting');
  assert.deepEqual(log, ['GET /events']);
  check();
});

test('a page whose server has no proxy says how to start one', async () => {
  const { page, check, board, stage } = await open(at.server.url);
  await start(page, board, { url: `${api}/events` });
  await stageIs(page, 0, 'failed');
  await says(page, stage, "this page's own server has no proxy; start it as `baton-serve --proxy proxy.toml`", '本页的服务器没有代理');
  assert.deepEqual(log, []);
  check();
});

test('a page may give the token itself, and nothing of it is kept', async () => {
  const { page, check } = await openPage(context, { expected: EXPECTED });
  await page.goto(site.url);
  await ready(page);
  const phase = await page.evaluate(async ([token, definition]) => {
    const { mount } = await import('/embed.js');
    const board = await mount(document.body, { definition, proxyToken: token, storage: 'memory', view: 'run' });
    const ended = new Promise((resolve) => {
      board.element.addEventListener('baton-run-end', ({ detail }) => resolve(JSON.stringify(detail)));
    });
    await board.run('Proxied');
    return ended;
  }, [TOKEN, chain({ url: `${api}/events` })]);
  assert.match(phase, /passed/);
  assert.equal(await page.evaluate(() => localStorage.getItem('baton.proxy-token')), null);
  check();
});
