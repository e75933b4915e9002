// A run's fields in every system, as a user reads them: live, in both languages, at two widths.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { RESULTS, runIs, shared, startFaulty, violationsOf } from './support.mjs';


const at = shared();

before(() => mkdir(RESULTS, { recursive: true }));

async function open({ locale = 'en', theme = 'light', width = 1280 } = {}) {
  const context = await at.profile({
    locale, colorScheme: theme, viewport: { width, height: 800 }, reducedMotion: 'reduce', timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
  }, `locale="${locale}" theme="${theme}"`);
  return at.open('', { context });
}

/** A run of the sample whose event carries these faults. */
async function start(page, board, faults) {
  await startFaulty(board, faults);
  await page.locator('[data-chain="faulty"] [data-action="open"]').click();
  await page.locator('[data-matrix]').waitFor();
}

/** The states of a field, system by system. */
function states(page, field) {
  return page.locator(`[data-field="${field}"] [data-state]`)
    .evaluateAll((cells) => cells.map((cell) => cell.dataset.state));
}

test('the sample shows all its fields alike, as they arrive', async () => {
  const { page, check, board } = await open();
  await page.locator('[data-action="run-sample"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(4500);
  await page.locator('[data-blame="waiting"]').waitFor();
  await page.locator('[data-field="amount"] [data-state="pending"]').waitFor();
  assert.deepEqual(await states(page, 'amount'), ['match', 'match', 'match', 'pending', 'not_reached']);
  const pending = page.locator('[data-field="amount"] [data-state="pending"]');
  assert.equal(await pending.getAttribute('data-status'), 'waiting', 'not yet is never red');
  await board.advance(20_000);
  await runIs(page, 'passed');
  await page.locator('[data-blame="passed"]').waitFor();
  assert.deepEqual(await states(page, 'amount'), ['match', 'match', 'match', 'normalised', 'normalised']);
  assert.deepEqual((await states(page, 'occurred_at')).at(-1), 'not_carried');
  assert.match(await page.locator('[data-row="latency"]').textContent(), /\+\d/);
  check();
});

test('a changed value is blamed on its system, and its cell has both values and the rule', async () => {
  const { page, check, board } = await open();
  await start(page, board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  await runIs(page, 'failed');
  const blame = page.locator('[data-blame="failed"]');
  await blame.waitFor();
  assert.equal(await blame.textContent(), 'amount first differs in Elasticsearch: 20, where Prometheus has "19.90"');
  const cell = page.locator('[data-field="amount"] [data-action="open-cell"]').nth(3);
  await cell.click();
  const detail = page.locator('[data-cell-detail]');
  await detail.waitFor();
  assert.match(await detail.textContent(), /Elasticsearch.*20.*expected "19\.90"/);
  assert.equal(await cell.getAttribute('aria-expanded'), 'true');
  await cell.click();
  await detail.waitFor({ state: 'detached' });
  // Seen from where it went wrong, all before it differ.
  await page.locator('[data-action="reference"]').selectOption('Cleaned table');
  await page.locator('[data-field="amount"] [data-state="differs"]').nth(2).waitFor();
  assert.deepEqual(await states(page, 'amount'), ['differs', 'differs', 'differs', 'match', 'not_reached']);
  check();
});

test('a matrix is copied as Markdown and as CSV', async () => {
  const { page, check, board } = await open();
  await start(page, board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  await page.locator('[data-blame="failed"]').waitFor();
  const copied = async (index) => {
    await page.locator('[data-matrix] [data-action="copy"]').nth(index).click();
    await page.getByRole('button', { name: 'Copied' }).first().waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.match(await copied(0), /\| amount \| "19\.90" ✓ \| "19\.90" ✓ \| "19\.90" ✓ \| 20 ✗ \| not reached · \|/);
  const csv = await copied(1);
  assert.match(csv, /^key,field,kind,stage,system,state,value,normalised,rule\r?\n/);
  assert.match(csv, /,amount,decimal,Cleaned table,Elasticsearch,differs,20,20,/);
  check();
});

test('of several records those that differ come first, each unfolded by its key', async () => {
  const { page, check, board } = await open();
  await board.save('several', {
    baton: 1, name: 'Several',
    subject: { key: 'event_id' },
    fields: [{ name: 'event_id' }, { name: 'amount', kind: 'decimal' }],
    stages: [
      ...['a', 'b'].map((id, index) => ({
        name: `Send ${id}`, once: true,
        request: { method: 'POST', url: 'demo:///events', json: { event_id: `several-${id}`, event: 'purchase', amount: index + 1.5, ...(index ? { faults: { cleaned: ['rounded'] } } : {}) } },
        checks: [{ source: 'status', op: 'one_of', value: [200, 202] }],
      })),
      ...[['Collector', 'demo:///micro/good', '$[*].event', '$.unstruct_event.data.data.amount'],
        ['Cleaned', 'demo:///events/_search', '$.hits.hits[*]._source', '$.amount']].map(([name, url, each, amount]) => ({
        name, request: { url }, poll: { interval: '1s' },
        checks: [{ source: { jsonpath: each }, filter: ['count'], op: 'at_least', value: 2 }],
        record: { each, fields: { event_id: { jsonpath: '$.event_id' }, amount: { jsonpath: amount } } },
      })),
    ],
  });
  await board.start('several-run', 'several');
  await page.locator('[data-chain="several"] [data-action="open"]').click();
  await board.advance(20_000);
  await runIs(page, 'passed');
  await page.locator('[data-matrix]').waitFor();
  await page.locator('[data-record]').nth(1).waitFor();
  assert.deepEqual(await page.locator('[data-record]').evaluateAll((all) => all.map((one) => one.dataset.record)),
    ['several-b', 'several-a']);
  assert.equal(await page.locator('[data-summary]').textContent(), 'matched 1, differ 1, missing 0');
  assert.equal(
    await page.locator('[data-blame="failed"]').textContent(),
    'amount of several-b first differs in Cleaned: 3, where Collector has 2.5',
  );
  assert.equal(await page.locator('[data-field]').count(), 0, 'folded at first');
  await page.locator('[data-action="open-record"]').first().click();
  await page.locator('[data-field="amount"]').waitFor();
  assert.deepEqual(await states(page, 'amount'), ['match', 'differs']);
  check();
});

for (const locale of ['en', 'zh-CN']) {
  for (const theme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      test(`the matrix can be read by all: ${locale}, ${theme}, ${width} px`, async () => {
        const { page, check, board } = await open({ locale, theme, width });
        await start(page, board, { cleaned: ['rounded'] });
        await board.advance(20_000);
        await page.locator('[data-blame="failed"]').waitFor();
        await page.locator('[data-field="amount"] [data-action="open-cell"]').nth(1).click();
        await page.locator('[data-cell-detail]').waitFor();
        await page.screenshot({ path: join(RESULTS, `matrix-${locale}-${theme}-${width}.png`), fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
        assert.deepEqual(await violationsOf(page), []);
        check();
      });
    }
  }
}
