// What a page is told when a system can't be read: each rung of the ladder, against servers that are made
// here. The engine's clock is the test's; each server tells what reached it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NOON, launchBrowser, openPage, ready, runIs, shared, stageIs, withAttributes } from './support.mjs';

const INTERVAL = 58_000;
const NOT_ALLOWED = /does not allow this origin/;
const NOT_ALLOWED_ZH = /不允许此来源/;
const JSON_TYPE = { 'content-type': 'application/json' };
/** What the browser itself says of each refusal. */
const EXPECTED = [/CORS policy/, /net::ERR_/, /Content Security Policy/, /Mixed Content/, /Failed to load resource/];

const at = shared({ profile: {} });

/** A server on loopback that tells what reached it. */
async function serve(answer) {
  const log = [];
  const server = await at.serve((request, response) => {
    log.push({ method: request.method, url: request.url, headers: request.headers });
    answer(request, response);
  });
  return {
    ...server,
    log,
    /** Method and mode of every request. */
    sent: () => log.map(({ method, headers }) => `${method} ${headers['sec-fetch-mode']}`),
  };
}

/** Answers that the data is there, with these headers besides. */
function there(headers = {}) {
  return (_, response) => response.writeHead(200, { ...JSON_TYPE, ...headers }).end('{"ok": true}');
}

function chain(request, rest = {}) {
  return {
    baton: 1, name: 'Diagnosed',
    stages: [{
      name: 'System', request,
      checks: [{ source: { jsonpath: '$.ok' }, op: 'equals', value: true }], ...rest,
    }],
  };
}

/** A browser that no test changes answers for: while one does, preflights are answered by its driver. */
async function untouched() {
  const own = await at.browser.newContext({ locale: 'en-GB' });
  at.each.add(() => own.close());
  return own;
}

/** Runs a chain of one stage, and waits until its first attempt has come to this. */
async function run(request, status, { rest, from = at.context, url = at.server.url, before } = {}) {
  const { page, check } = await openPage(from, { expected: EXPECTED });
  await page.goto(url);
  const board = await ready(page);
  await board.save('diagnosed', chain(request, rest));
  await before?.();
  await page.locator('[data-chain="diagnosed"] [data-action="start"]').click();
  await page.locator('[data-chain="diagnosed"] [data-action="open"]').click();
  await stageIs(page, 0, status);
  const stage = page.locator('[data-stage="0"]');
  await stage.locator('.stage-why:not(:empty)').waitFor();
  return { page, check, board, stage, why: () => stage.locator('.stage-why').textContent() };
}

/** The same sentence, in the other language. */
async function chinese(page, stage) {
  await page.evaluate(() => document.querySelector('baton-board').update({ locale: 'zh-CN' }));
  await stage.locator('.stage-why', { hasText: /[\u4e00-\u9fff]/ }).waitFor();
  return stage.locator('.stage-why').textContent();
}

test('a server without CORS is told from none by one probe, with the header to add', async () => {
  const api = await serve(there());
  const { page, check, board, stage, why } = await run({ url: `${api.url}/events` }, 'waiting');
  const sentence = await why();
  assert.match(sentence, NOT_ALLOWED);
  assert.ok(sentence.includes(`\`Access-Control-Allow-Origin: ${at.server.url}\``), sentence);
  assert.ok(sentence.includes(`in nginx: \`add_header Access-Control-Allow-Origin ${at.server.url} always;\``), sentence);
  assert.deepEqual(api.sent(), ['GET cors', 'GET no-cors']);
  await board.advance(INTERVAL);
  assert.deepEqual(api.sent(), ['GET cors', 'GET no-cors', 'GET cors'], 'it is probed once');
  const zh = await chinese(page, stage);
  assert.match(zh, NOT_ALLOWED_ZH);
  assert.ok(zh.includes(`\`Access-Control-Allow-Origin: ${at.server.url}\``), zh);
  check();
});

test('a system that its address shows is told its own setting', async () => {
  const api = await serve(there());
  const { page, check, stage, why } = await run({ url: `${api.url}/events/_count` }, 'waiting');
  const setting = `\`http.cors.enabled: true\`, \`http.cors.allow-origin: "${at.server.url}"\``;
  const sentence = await why();
  assert.ok(sentence.includes(`if this is Elasticsearch: ${setting} in elasticsearch.yml`), sentence);
  const zh = await chinese(page, stage);
  assert.ok(zh.includes(`如果这是 Elasticsearch：在 elasticsearch.yml 中写 ${setting}`), zh);
  check();
});

test('a header that needs a preflight is named, and the probe goes without it', async () => {
  const api = await serve((request, response) => {
    if (request.method === 'OPTIONS') return response.writeHead(204, { 'access-control-allow-origin': '*' }).end();
    return there({ 'access-control-allow-origin': '*' })(request, response);
  });
  const request = { url: `${api.url}/events`, auth: { bearer: 'k-123' } };
  const { page, check, stage, why } = await run(request, 'waiting', { from: await untouched() });
  const sentence = await why();
  assert.match(sentence, /\(`authorization` needs a preflight\)/);
  assert.ok(sentence.includes('`Access-Control-Allow-Headers: authorization`'), sentence);
  assert.match(sentence, /OPTIONS/);
  assert.deepEqual(api.sent(), ['OPTIONS cors', 'GET no-cors']);
  assert.equal(api.log[1].headers.authorization, undefined);
  assert.match(await chinese(page, stage), /（`authorization` 需要预检）/);
  check();
});

test('a method that its server refuses is named, and never probed', async () => {
  const api = await serve((_, response) => response.writeHead(404).end());
  const request = { method: 'PUT', url: `${api.url}/events`, json: { a: 1 } };
  const { page, check, stage, why } = await run(request, 'waiting', { from: await untouched() });
  const sentence = await why();
  assert.match(sentence, /PUT is never probed/);
  assert.match(sentence, /\(PUT, `content-type` needs a preflight\)/);
  assert.ok(sentence.includes('`Access-Control-Allow-Methods: PUT`'), sentence);
  assert.deepEqual(api.sent(), ['OPTIONS cors']);
  assert.match(await chinese(page, stage), /PUT 从不试探.*（PUT、`content-type` 需要预检）/);
  check();
});

test('a POST whose answer can not be read is not sent once more to find out', async () => {
  const api = await serve(there());
  const request = { method: 'POST', url: `${api.url}/events`, form: { a: 1 } };
  const { page, check, stage, why } = await run(request, 'waiting');
  assert.match(await why(), /no answer that can be read, and POST is never probed/);
  assert.deepEqual(api.sent(), ['POST cors']);
  assert.match(await chinese(page, stage), /POST 从不试探/);
  check();
});

test('a header that browsers never send fails before anything is sent', async () => {
  const api = await serve(there());
  const request = { url: `${api.url}/events`, headers: { Cookie: 'a=b' } };
  const { page, check, stage, why } = await run(request, 'failed');
  assert.equal(await why(), 'browsers never send the header `Cookie` for a page; remove it from the request');
  assert.deepEqual(api.sent(), []);
  assert.equal(await chinese(page, stage), '浏览器不允许页面发送请求头 `Cookie`；请从请求中删除');
  check();
});

test('where nothing listens there is no answer, and no claim why', async () => {
  const api = await serve(there());
  await api.stop();
  const { page, check, stage, why } = await run({ url: `${api.url}/events` }, 'waiting');
  assert.match(await why(), /^no answer: down, wrong host, TLS, a blocker or local-network permission .*open the address in a tab to tell$/);
  assert.match(await chinese(page, stage), /^无响应：/);
  check();
});

test('a server that hangs is given up when the attempt is over, without a probe', async () => {
  const api = await serve(() => {});
  const { page, check } = await openPage(at.context, { expected: EXPECTED });
  await page.goto(at.server.url);
  const board = await ready(page);
  await board.save('diagnosed', chain({ url: `${api.url}/events` }));
  await page.locator('[data-chain="diagnosed"] [data-action="start"]').click();
  await page.locator('[data-chain="diagnosed"] [data-action="open"]').click();
  await stageIs(page, 0, 'calling');
  await board.advance(10_000, { throughCalls: true });
  await stageIs(page, 0, 'waiting');
  const stage = page.locator('[data-stage="0"]');
  assert.equal(await stage.locator('.stage-why').textContent(), 'no answer within 10 s');
  assert.equal(await chinese(page, stage), '10 s 内没有响应');
  assert.ok(api.sent().length <= 1 && !api.sent().includes('GET no-cors'), api.sent().join());
  check();
});

test("the page's own policy is named with the address that it lacks", async () => {
  const api = await serve(there({ 'access-control-allow-origin': '*' }));
  await at.context.route('**/worker.js', async (route) => {
    const response = await route.fetch();
    const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  const { page, check, stage, why } = await run({ url: `${api.url}/events` }, 'failed');
  const sentence = await why();
  assert.match(sentence, /own Content-Security-Policy forbids the address/);
  assert.ok(sentence.includes(`add \`${api.url}\` to \`connect-src\``), sentence);
  assert.deepEqual(api.sent(), []);
  const zh = await chinese(page, stage);
  assert.ok(zh.includes(`将 \`${api.url}\` 加入 \`connect-src\``), zh);
  check();
});

test('an https page that calls an http address fails before anything is sent', async () => {
  // The page is the same, under a secure name that leads nowhere else.
  await at.context.route('https://baton.test/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const response = await route.fetch({ url: at.server.url + pathname + search });
    const body = await response.body();
    const text = pathname === '/' ? body.toString().replace('<baton-board', `<baton-board clock="test:${NOON}"`) : body;
    await route.fulfill({ response, body: text });
  });
  const { page, check, stage, why } = await run(
    { url: 'http://api.test:9/events' }, 'failed', { url: 'https://baton.test/' },
  );
  assert.match(await why(), /^an https page may not call an http address \(mixed content\); serve the API over https/);
  assert.match(await chinese(page, stage), /^https 页面不能访问 http 地址（混合内容）/);
  check();
});

test('offline is said as such, and polling goes on when the network is back', async () => {
  const browser = await launchBrowser('--host-resolver-rules=MAP api.test 127.0.0.1');
  at.each.add(() => browser.close());
  const own = await browser.newContext({ locale: 'en-GB' });
  await withAttributes(own, `clock="test:${NOON}"`);
  const api = await serve(there({ 'access-control-allow-origin': '*' }));
  const { page, check, board, stage, why } = await run(
    { url: `http://api.test:${api.port}/events` }, 'waiting', { from: own, before: () => own.setOffline(true) },
  );
  assert.equal(await why(), 'you are offline; polling waits, the deadline runs');
  assert.deepEqual(api.sent(), []);
  assert.equal(await chinese(page, stage), '当前离线；轮询等待，截止时间照常计算');
  await own.setOffline(false);
  await board.advance(INTERVAL);
  await runIs(page, 'passed');
  check();
});

test('a redirect to an origin that does not allow us is not told from a server that does not', async () => {
  const target = await serve(there());
  const api = await serve((_, response) =>
    response.writeHead(302, { location: `${target.url}/moved`, 'access-control-allow-origin': '*' }).end());
  const { page, check, stage, why } = await run({ url: `${api.url}/events` }, 'waiting');
  assert.match(await why(), /^server reached, but it, or where it redirects to, does not allow this origin/);
  assert.deepEqual(api.sent(), ['GET cors', 'GET no-cors']);
  assert.deepEqual(target.sent(), ['GET cors', 'GET no-cors']);
  assert.match(await chinese(page, stage), /它或其重定向的目标不允许此来源/);
  check();
});

test('a redirect is shown as far as a browser shows it, and hidden headers are said to be', async () => {
  const target = await serve(there({ 'access-control-allow-origin': '*', 'x-run': '7' }));
  const api = await serve((_, response) =>
    response.writeHead(302, { location: `${target.url}/moved`, 'access-control-allow-origin': '*' }).end());
  const { page, check, stage } = await run({ url: `${api.url}/events` }, 'passed');
  await stage.locator('[data-action="fold"]').click();
  const row = stage.locator('[data-attempt="1"]');
  assert.equal(await row.locator('[data-redirected]').getAttribute('data-redirected'), `${target.url}/moved`);
  assert.match(await row.locator('.attempt-status').textContent(), /^200\s*redirected$/);
  await row.locator('[data-action="open-attempt"]').click();
  const response = row.locator('[data-paper="response"]');
  await response.locator('.tree').waitFor();
  assert.ok((await response.textContent()).includes(`Redirected to ${target.url}/moved`));
  assert.match(await response.locator('[data-hidden-headers]').textContent(), /the browser hides those/);
  check();
});

test('a check on a header that the browser hides says hidden, and not missing', async () => {
  const api = await serve(there({ 'access-control-allow-origin': '*', 'x-run': '7' }));
  const checks = [{ source: { header: 'X-Run' }, op: 'equals', value: '7' }];
  const { page, check, stage, why } = await run({ url: `${api.url}/events` }, 'waiting', { rest: { checks } });
  assert.match(await why(), /^the header `x-run` is hidden by the browser, .*`Access-Control-Expose-Headers: x-run`$/);
  assert.match(await chinese(page, stage), /^响应头 `x-run` 被浏览器隐藏/);
  check();
});

test('polling what may change something is warned of in the editor, and can be saved', async () => {
  const { page, check } = await openPage(at.context);
  await page.goto(at.server.url);
  await ready(page);
  await page.locator('[data-action="new"]').click();
  await page.locator('[data-view="json"]').click();
  const editor = page.locator('[data-action="document"]');
  await editor.waitFor();
  await editor.fill(JSON.stringify(chain({ method: 'DELETE', url: 'http://127.0.0.1/' }), null, 2));
  const warning = page.locator('[data-warning]');
  await warning.waitFor();
  assert.match(await warning.textContent(), /stages\[0\]\.request\.method: DELETE is sent anew at every poll; .*"once": true/);
  assert.equal(await page.locator('[data-check-state="valid"]').count(), 1);
  await page.evaluate(() => document.querySelector('baton-board').update({ locale: 'zh-CN' }));
  await page.locator('[data-warning]', { hasText: '每次轮询都会重新发送 DELETE' }).waitFor();
  check();
});
