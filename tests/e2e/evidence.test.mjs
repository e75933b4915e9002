// An attempt's evidence: bodies as trees of any size, what the checks saw marked in them.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { beforeEach, test } from 'node:test';

import { openPage, ready, runIs, shared, startFaulty, withAttributes } from './support.mjs';

const NOON = Date.UTC(2026, 10, 23, 12);

const at = shared();
let context;

beforeEach(async () => {
  context = await at.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  at.each.add(() => context.close());
  await withAttributes(context, `clock="test:${NOON}"`);
});

async function open() {
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  return { page, check, board: await ready(page) };
}

/** A system that answers each request with the next of these bodies, and then with the last one. */
async function answering(...bodies) {
  let asked = 0;
  const server = createServer((_, response) => {
    const body = bodies[Math.min(asked, bodies.length - 1)];
    asked += 1;
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  at.each.add(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${server.address().port}/rows`;
}

/** Runs a chain of one stage whose checks are these, and opens its latest attempt. */
async function polled({ page, board }, url, checks, ms = 1000) {
  const stage = { name: 'Table', request: { url }, checks, poll: { interval: '10s', timeout: '10m' } };
  await board.save('one', { baton: 1, name: 'One', stages: [stage] });
  await board.start('run-1', 'one');
  await page.goto(`${at.server.url}/#/runs/run-1`);
  await board.advance(ms);
  const row = page.locator('[data-stage="0"] [data-attempt]').first();
  await row.waitFor();
  return row;
}

const response = (row) => row.locator('[data-paper="response"]');

async function openAttempt(row) {
  const button = row.locator('[data-action="open-attempt"]');
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await response(row).locator('.tree').waitFor();
  return response(row);
}

test('what the checks saw is marked in the response, and leads there', async () => {
  const { page, check, board } = await open();
  await startFaulty(board, { cleaned: ['rounded'] }, { id: 'failing', name: 'Rounded' });
  await board.advance(8000);
  await page.locator('[data-chain="failing"] [data-action="open"]').click();
  await runIs(page, 'failed');
  const paper = page.locator('[data-stage="3"] [data-paper="response"]');
  const wrong = paper.locator('.leaf[data-status="failed"]');
  await wrong.waitFor();
  assert.match(await wrong.textContent(), /Failed.*"amount": 20,/);
  assert.equal(await wrong.locator('.mark').count(), 1, 'by shape too');
  assert.equal(await paper.locator('.leaf[role="treeitem"][data-status="passed"]').count(), 3);

  await paper.locator('[data-action="fold-all"]').click();
  assert.equal(await paper.locator('.leaf[data-status="failed"]').count(), 0);
  const rows = await paper.locator('.leaf').count();
  assert.ok(rows < 12, `${rows} rows when all is folded`);
  await page.locator('[data-stage="3"] [data-check="checks[3]"] [data-action="show-value"]').click();
  await wrong.waitFor();
  assert.equal(await wrong.getAttribute('data-active'), '', 'it is at hand');
  assert.equal(await paper.locator('.tree').getAttribute('aria-activedescendant'), await wrong.getAttribute('id'));
  check();
});

test('a tree is gone through by keys', async () => {
  const session = await open();
  const url = await answering('{"rows": [{"id": 9007199254740993, "amount": 19.90}], "done": false}');
  const row = await polled(session, url, [{ source: { jsonpath: '$.done' }, op: 'equals', value: true, else: 'wait' }]);
  const tree = (await openAttempt(row)).locator('.tree');
  const active = async () => (await tree.locator('[data-active]').textContent()).replace('Not yet', '').trim();
  await tree.focus();
  assert.equal(await active(), '"done": false', 'what was marked');
  await tree.press('Home');
  assert.equal(await active(), '{');
  await tree.press('ArrowDown');
  assert.equal(await active(), '"rows": [');
  await tree.press('ArrowLeft');
  assert.equal(await active(), '"rows": [… 1 item],');
  assert.equal(await tree.locator('[data-active]').getAttribute('aria-expanded'), 'false');
  await tree.press('ArrowRight');
  await tree.press('ArrowRight');
  await tree.press('ArrowRight');
  assert.equal(await active(), '"id": 9007199254740993,', 'as it was written');
  assert.equal(await tree.locator('[data-active]').getAttribute('aria-level'), '4');
  await tree.press('ArrowLeft');
  await tree.press('Enter');
  assert.equal(await active(), '{"id": 9007199254740993, …}', 'folded, with what fits');
  await tree.press('End');
  assert.equal(await active(), '"done": false');
  session.check();
});

test('a body of megabytes is a handful of rows, and its end is one key away', async () => {
  const session = await open();
  const items = Array.from({ length: 40_000 }, (_, n) => ({ id: `e-${n}`, amount: n, note: 'x'.repeat(60) }));
  const body = JSON.stringify({ rows: items, long: 'y'.repeat(20_000), last: 1 });
  assert.ok(body.length > 4_000_000);
  const url = await answering(body);
  const row = await polled(session, url, [{ source: { jsonpath: '$.rows[30000].id' }, op: 'equals', value: 'e-1' }]);
  const paper = await openAttempt(row);
  const tree = paper.locator('.tree');
  const seen = () => paper.locator('.leaf').count();
  await paper.locator('.leaf[data-status="failed"]').waitFor();
  assert.match(await paper.locator('.leaf[data-status="failed"]').textContent(), /"id": "e-30000"/);
  assert.ok((await seen()) < 100, `${await seen()} rows`);
  await tree.press('End');
  await paper.locator('.leaf', { hasText: '"last": 1' }).waitFor();
  assert.ok((await seen()) < 100);
  await tree.press('ArrowUp');
  await paper.locator('[data-more]').click();
  await paper.locator('.leaf', { hasText: '"last": 1' }).waitFor({ state: 'detached' });
  assert.equal(await paper.locator('[data-more]').count(), 0, 'all of it is there');
  await paper.locator('[data-action="fold-all"]').click();
  await paper.getByText('[… 40,000 items]').waitFor();
  session.check();
});

test('what is not JSON is lines, and is said to be what it is', async () => {
  const session = await open();
  const url = await answering(`<!doctype html><title>Sign in</title>\n<p>${'word '.repeat(400)}</p>\n`);
  const row = await polled(session, url, [{ source: { jsonpath: '$.id' }, op: 'exists' }]);
  const paper = await openAttempt(row);
  assert.equal(await paper.locator('[data-body]').getAttribute('data-body'), 'html');
  assert.match(await paper.locator('.body-bar').textContent(), /^HTML · /);
  assert.equal(await paper.locator('[role="treeitem"]').count(), 0);
  assert.ok((await paper.locator('.leaf').count()) > 10, 'a long line is wrapped');
  assert.equal(await paper.locator('.tree').evaluate((tree) => tree.scrollWidth > tree.clientWidth), false);
  session.check();
});
