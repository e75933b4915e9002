// An attempt's evidence: bodies as trees of any size, what the checks saw marked in them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runIs, shared, startFaulty, violationsOf } from './support.mjs';


const at = shared({ profile: {} });

/** A system that answers each request with the next of these bodies, and then with the last one. */
async function answering(...bodies) {
  let asked = 0;
  const { url } = await at.serve((_, response) => {
    const body = bodies[Math.min(asked, bodies.length - 1)];
    asked += 1;
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    response.end(body);
  });
  return `${url}/rows`;
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
  const { page, check, board } = await at.open();
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
  const session = await at.open();
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

/** Some megabytes of rows, a long text, and something after it. */
const large = () => {
  const rows = Array.from({ length: 40_000 }, (_, n) => ({ id: `e-${n}`, amount: n, note: 'x'.repeat(60) }));
  return JSON.stringify({ rows, long: 'y'.repeat(20_000), last: 1 });
};

test('evidence that was cut is a tree as far as it is kept, with few rows in the page', async () => {
  const session = await at.open();
  const url = await answering(large());
  const row = await polled(session, url, [{ source: { jsonpath: '$.rows[1000].id' }, op: 'equals', value: 'e-1' }]);
  const paper = await openAttempt(row);
  await paper.locator('.leaf[data-status="failed"]').waitFor();
  assert.match(await paper.locator('.leaf[data-status="failed"]').textContent(), /"id": "e-1000"/);
  assert.equal(await paper.locator('[data-body]').getAttribute('data-body'), 'cut-json');
  assert.match(await paper.locator('.body-bar').textContent(), /^JSON that breaks off · /);
  assert.ok((await paper.locator('.leaf').count()) < 100);
  session.check();
});

test('a body of megabytes is a handful of rows, and its end is one key away', async () => {
  const { page, check, board } = await at.open();
  const body = large();
  assert.ok(body.length > 4_000_000);
  const url = await answering(body);
  const stage = { name: 'Table', request: { url }, checks: [{ source: { jsonpath: '$.last' }, op: 'equals', value: 1 }] };
  await board.save('one', { baton: 1, name: 'One', stages: [stage] });
  await page.goto(`${at.server.url}/#/chains/one/edit`);
  await page.locator('[data-action="test-stage"]').click();
  await page.locator('[data-action="try"]').click();
  const paper = page.locator('[data-said="passed"] [data-paper="response"]');
  const tree = paper.locator('.tree');
  const last = paper.locator('.leaf', { hasText: '"last": 1' });
  await last.waitFor();
  assert.match(await paper.getByText('[… 40,000 items]').textContent(), /items/);
  await paper.locator('[data-action="unfold-all"]').click();
  await paper.locator('.leaf', { hasText: '"id": "e-0"' }).waitFor();
  const few = async () => assert.ok((await paper.locator('.leaf').count()) < 100);
  await few();
  await tree.press('End');
  await last.waitFor();
  await few();
  await tree.press('ArrowUp');
  await paper.locator('[data-more]').click();
  await last.waitFor({ state: 'detached' });
  assert.equal(await paper.locator('[data-more]').count(), 0, 'all of it is there');
  await few();
  check();
});

test('what is not JSON is lines, and is said to be what it is', async () => {
  const session = await at.open();
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

test('an answer is compared with the one before it, by values and else by lines', async () => {
  const session = await at.open();
  const { page, board } = session;
  const url = await answering(
    '{"rows": [{"id": 1, "amount": 19.90, "state": "queued"}], "old": true}',
    '{"rows": [{"id": 0}, {"id": 1, "amount": 20, "state": "queued"}]}',
    '<p>down</p>\n<p>1</p>\n<p>2</p>\n<p>3</p>\n<p>4</p>',
    '<p>down</p>\n<p>1</p>\n<p>2</p>\n<p>3</p>\n<p>five</p>',
  );
  await polled(session, url, [{ source: { jsonpath: '$.done' }, op: 'equals', value: true }]);
  for (let more = 2; more <= 4; more += 1) {
    await board.advance(10_000);
    await page.locator(`[data-stage="0"] [data-attempt="${more}"]`).waitFor();
  }
  const attempt = (number) => page.locator(`[data-stage="0"] [data-attempt="${number}"]`);
  assert.equal(await (await openAttempt(attempt(1))).locator('[data-action="diff"]').count(), 0, 'the first has none before it');

  const second = await openAttempt(attempt(2));
  const button = second.locator('[data-action="diff"]');
  assert.equal(await button.textContent(), 'Diff with #1');
  await button.click();
  await second.getByText('3 differences; all else is the same').waitFor();
  const told = await second.locator('[data-diff]').evaluateAll((all) => all.map((row) => [row.dataset.diff, row.textContent]));
  assert.deepEqual(told, [
    ['added', '+added$.rows[0]{"id": 0}'],
    ['changed', '~changed$.rows[1].amount19.90→20'],
    ['removed', '−removed$.oldtrue'],
  ]);
  await second.locator('[data-action="fold-all"]').click();
  await second.getByRole('button', { name: '$.rows[1].amount' }).click();
  assert.equal((await second.locator('[data-active]').textContent()).trim(), '"amount": 20,');
  await button.click();
  await second.locator('[data-differences]').waitFor({ state: 'detached' });

  const fourth = await openAttempt(attempt(4));
  await fourth.locator('[data-action="diff"]').click();
  await fourth.locator('[data-differences="2"]').waitFor();
  assert.deepEqual(await fourth.locator('[data-diff]').allTextContents(), ['−removed<p>4</p>', '+added<p>five</p>']);
  await button.click();
  await second.locator('[data-differences]').waitFor();
  assert.deepEqual(await violationsOf(page), []);
  assert.match(await fourth.locator('.diff').textContent(), /… 2 lines that are the same/);
  session.check();
});
