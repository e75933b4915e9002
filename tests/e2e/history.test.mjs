// History: the runs of a chain stage by stage, the table of all runs, what is learned of arrival times, and two runs
// compared. The engine's clock is the test's, so that minutes pass in milliseconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answers, runIs, shared, waits } from './support.mjs';


const at = shared({ profile: { timezoneId: 'UTC' } });

/** A stage that has to last so long before it passes. */
const holds = (name, hold) => ({ ...answers(name), poll: { hold } });

const chain = (name, stages, more = {}) => ({ baton: 1, name, poll: { interval: '10s' }, stages, ...more });

/** A chain of the board whose runs end as `ends` says, a minute after each other. */
async function runs(board, id, name, ends) {
  for (const [index, stages] of ends.entries()) {
    await board.save(id, chain(name, stages, { variables: { order: `${id}-order-${index + 1}` } }));
    await board.start(`${id}-${index + 1}`, id);
    await board.advance(120_000);
  }
}

/** Two chains: one that passes, is wrong, is too late, is cancelled and goes on; one that passes. */
async function past(board) {
  await runs(board, 'orders', 'Orders', [
    [answers('Send'), holds('Table', '20s')],
    [answers('Send'), answers('Table', 201)],
    [answers('Send'), waits('Table', { timeout: '1m' })],
  ]);
  await runs(board, 'clicks', 'Clicks', [[answers('Send')]]);
  await board.save('orders', chain('Orders', [answers('Send'), waits('Table', { timeout: '2h' })]));
  await board.start('orders-4', 'orders');
  await board.advance(1000);
  await board.send({ cancel_run: { run: 'orders-4' } });
  await board.start('orders-5', 'orders');
  await board.advance(1000);
}

const statusesOf = (page, run) => page.locator(`[data-grid-run="${run}"] [data-row]`)
  .evaluateAll((cells) => cells.map((cell) => cell.dataset.status));

const rows = (page) => page.locator('[data-run-row]').evaluateAll((all) => all.map((row) => row.dataset.runRow));

test('a chain\'s runs stand beside each other, stage by stage, and each cell leads to its stage', async () => {
  const { page, check, board } = await at.open();
  await page.locator('[data-action="to-history"]').click();
  await page.locator('[data-blank="runs"]').waitFor();
  await past(board);
  await page.locator('[data-action="choose-chain"]').selectOption({ label: 'Orders' });
  await page.waitForURL(/#\/history\/orders$/);
  await page.locator('[data-grid-run="orders-5"]').waitFor();
  const columns = page.locator('[data-grid-run]');
  const order = await columns.evaluateAll((all) => all.map((one) => one.dataset.gridRun));
  assert.deepEqual(order, [1, 2, 3, 4, 5].map((number) => `orders-${number}`), 'the newest on the right');
  assert.deepEqual(await statusesOf(page, 'orders-1'), ['passed', 'passed', 'passed']);
  assert.deepEqual(await statusesOf(page, 'orders-2'), ['failed', 'passed', 'failed']);
  assert.deepEqual(await statusesOf(page, 'orders-3'), ['timed_out', 'passed', 'timed_out']);
  assert.deepEqual(await statusesOf(page, 'orders-4'), ['cancelled', 'passed', 'cancelled']);
  assert.deepEqual(await statusesOf(page, 'orders-5'), ['running', 'passed', 'waiting']);
  const cell = page.locator('[data-grid-run="orders-1"]').getByRole('link', { name: 'Table, run #1: Passed, 20 s' });
  await cell.waitFor();

  // What goes on is drawn as it goes on, in the same cell.
  const live = page.locator('[data-grid-run="orders-5"]').getByRole('link', { name: /^run #5: Running/ });
  await live.focus();
  await board.send({ pause_run: { run: 'orders-5' } });
  await page.locator('[data-grid-run="orders-5"] [data-row="2"][data-status="paused"]').waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('baton-board').shadowRoot.activeElement?.dataset.row), '0');

  // By the keyboard: one stop, and the arrows from there.
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/runs\/orders-2\/stages\/2$/);
  await runIs(page, 'failed');
  await page.locator('[data-stage="1"] [data-action="fold"][aria-expanded="true"]').waitFor();
  await page.locator('[data-action="chain-history"]').click();
  await page.waitForURL(/#\/history\/orders$/);
  check();
});

test('all runs are in a table that is filtered by chain, end, day and words, and sorted', async () => {
  const { page, check, board } = await at.open('/#/history');
  await past(board);
  await page.locator('[data-run-row="orders-5"]').waitFor();
  assert.deepEqual(await rows(page), ['orders-5', 'orders-4', 'clicks-1', 'orders-3', 'orders-2', 'orders-1']);
  const count = async (action) => page.locator(`[data-action="${action}"] .number`).textContent();
  assert.deepEqual(
    await Promise.all(['only-all', 'only-live', 'only-passed', 'only-failed', 'only-timed-out', 'only-cancelled'].map(count)),
    ['6', '1', '2', '1', '1', '1'],
  );
  const cleared = (number) => page.locator('.past-runs-head h3').getByText(new RegExp(`^${number} runs?$`)).waitFor();

  await page.locator('[data-action="only-passed"]').click();
  await cleared(2);
  assert.deepEqual(await rows(page), ['clicks-1', 'orders-1']);
  await page.locator('[data-action="only-all"]').click();

  const search = page.locator('[data-action="search-runs"]');
  await search.fill('orders-order-3');
  await cleared(1);
  assert.deepEqual(await rows(page), ['orders-3'], 'by the value of a variable');
  await search.fill('expected 201');
  await cleared(1);
  assert.deepEqual(await rows(page), ['orders-2'], 'by why it ended');
  await search.fill('');

  await page.locator('[data-action="from"]').fill('2026-11-24');
  await page.locator('[data-blank="filter"]').waitFor();
  await page.locator('[data-action="clear-filter"]').click();
  await cleared(6);
  assert.equal(await page.locator('[data-action="from"]').inputValue(), '');
  await page.locator('[data-action="until"]').fill('2026-11-23');
  await cleared(6);

  await page.locator('[data-action="sort-took"]').click();
  await page.locator('th[aria-sort="descending"] [data-action="sort-took"]').waitFor();
  assert.deepEqual((await rows(page)).slice(0, 2), ['orders-3', 'orders-1']);
  await page.locator('[data-action="sort-took"]').click();
  await page.locator('th[aria-sort="ascending"] [data-action="sort-took"]').waitFor();
  assert.deepEqual((await rows(page)).slice(-2), ['orders-1', 'orders-3']);

  await page.locator('[data-run-row="orders-2"] .run-why').click();
  await page.waitForURL(/#\/runs\/orders-2$/);
  check();
});

test('two runs are compared stage by stage, in words', async () => {
  const { page, check, board } = await at.open('/#/history');
  await past(board);
  const choose = (run) => page.locator(`[data-run-row="${run}"] [data-action="choose-run"]`).check();
  const compare = page.locator('[data-action="compare"]');
  await page.locator('[data-run-row="orders-2"]').waitFor();
  assert.ok(await compare.isDisabled());
  await choose('clicks-1');
  await choose('orders-2');
  await page.locator('[data-hint="compare"]').getByText('These are runs of two chains').waitFor();
  assert.ok(await compare.isDisabled());
  // A third takes the place of the first.
  await choose('orders-1');
  assert.ok(!(await page.locator('[data-run-row="clicks-1"] [data-action="choose-run"]').isChecked()));
  await compare.click();
  await page.waitForURL(/#\/compare\/orders-1\/orders-2$/);
  await page.locator('[data-changes]').getByText('1 broken, 1 alike').waitFor();
  const [send, table] = await page.locator('[data-change]').allInnerTexts();
  assert.match(send, /passed in both/);
  assert.match(table, /passed, now failed: .*expected 201/);
  assert.match(table, /20 s · 3 tries/);

  await page.goto(`${at.server.url}/#/runs/orders-3`);
  await page.locator('[data-action="compare-previous"]').click();
  await page.waitForURL(/#\/compare\/orders-2\/orders-3$/);
  await page.locator('[data-change="otherwise"]').getByText(/^failed, now timed out/).waitFor();
  await page.locator('[data-pair="orders-3"] [data-action="open-run"]').click();
  await runIs(page, 'timed_out');

  await page.goto(`${at.server.url}/#/compare/orders-2/gone`);
  await page.locator('[data-blank="missing"]').waitFor();
  check();
});

test('what is usual is learned from five runs on, and told at the board, in the run and in the history', async () => {
  const { page, check, board } = await at.open();
  const stages = [answers('Send'), holds('Table', '20s')];
  await runs(board, 'orders', 'Orders', Array(4).fill(stages));
  const row = page.locator('[data-chain="orders"]');
  await page.goto(`${at.server.url}/#/history/orders`);
  await page.locator('[data-arrival="Table"]').getByText('4 of 5 runs that it takes to tell how long').waitFor();
  await board.start('orders-5', 'orders');
  await board.advance(5000);
  await page.goto(`${at.server.url}/#/runs/orders-5`);
  const usual = page.locator('[data-stage="1"] [data-usual]');
  await usual.getByText('4 of 5 runs that it takes to tell how long').waitFor();
  await board.advance(60_000);

  await page.goto(`${at.server.url}/#/history/orders`);
  const cells = page.locator('[data-arrival="Table"] td');
  await page.locator('[data-arrival="Table"] [role="img"]').waitFor();
  const [half, most, , limit, count] = await cells.allInnerTexts();
  assert.deepEqual([half, most, count], ['20 s', '20 s', '5']);
  assert.match(limit, /; 1 m would do$/);

  await board.start('orders-6', 'orders');
  await board.advance(5000);
  await page.locator('[data-action="to-chains"]').click();
  await row.locator('[data-expected]').getByText(/^expected about 12:0\d:\d\d, usually 20 s$/).waitFor();
  await page.locator('[data-polls]').getByText(/^· 0\.[1-9] polls\/s$/).waitFor();
  await row.locator('[data-action="open"]').click();
  await usual.getByText('usually after 20 s · expected in about 0:15').waitFor();
  assert.equal(await page.locator('[data-stage="0"] [data-usual]').count(), 0, 'what is there at once needs no words');
  await board.advance(60_000);
  await runIs(page, 'passed');

  // One that takes longer than all before it.
  await board.save('orders', chain('Orders', [answers('Send'), holds('Table', '50s')]));
  await board.start('orders-7', 'orders');
  await board.advance(31_000);
  await page.goto(`${at.server.url}/#/`);
  await row.locator('[data-expected]').getByText('longer than usual, which is 20 s').waitFor();
  await row.locator('[data-action="open"]').click();
  await usual.getByText('usually after 20 s · slower than 6 of 6 runs').waitFor();
  await board.advance(60_000);
  await usual.getByText('slower than 6 of 6 runs', { exact: true }).waitFor();
  check();
});
