// A run's Gantt and the log of its attempts: what is drawn while the clock goes on, and that an attempt is the same one
// in both and in the matrix. The engine's clock is the test's.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runIs, shared, startFaulty, waits } from './support.mjs';

const HOUR = 3_600_000;

const at = shared({ profile: { timezoneId: 'UTC' } });

/** A chain of one stage that waits for what nobody sends, and a run of it, opened. */
async function waiting(poll) {
  const { page, check, board } = await at.open();
  await board.save('waits', {
    baton: 1, name: 'Waits', stages: [waits('Warehouse', poll)],
  });
  await board.start('run-1', 'waits');
  await page.goto(`${at.server.url}/#/runs/run-1`);
  await page.locator('[data-gantt] [data-kind="not_yet"]').first().waitFor();
  return { page, check, board };
}

/** The kinds of the bars in a row. */
function kinds(page, row) {
  return page.locator(`.gantt-row[data-row="${row}"] .bar`).evaluateAll((bars) => bars.map((bar) => bar.dataset.kind));
}

/** Where the present is drawn, from the left of its row. */
function now(page, row = 0) {
  return page.locator(`.gantt-row[data-row="${row}"] .now`).evaluate((line) => line.getBBox().x);
}

/** Waits for part of a row's drawing. A line has no area, and so counts as hidden. */
async function drawn(page, row, shape) {
  const part = page.locator(`.gantt-row[data-row="${row}"] ${shape}`).first();
  await part.waitFor({ state: 'attached' });
  return part;
}

/** Presses the mouse on a bar. */
async function press(page, row, number) {
  const shape = page.locator(`.gantt-row[data-row="${row}"] .bar[data-bar="${number}"]`);
  await shape.scrollIntoViewIfNeeded();
  const bar = await shape.boundingBox();
  await page.mouse.click(bar.x + bar.width / 2, bar.y + bar.height / 2);
}

test('bars appear as attempts are made, the present moves, and the wait to the next poll is counted down', async () => {
  const { page, check, board } = await at.open();
  await page.locator('[data-action="run-sample"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(3500);
  await drawn(page, 3, '.wait');
  assert.deepEqual(await kinds(page, 0), ['passed']);
  assert.deepEqual(await kinds(page, 1), ['not_yet', 'passed']);
  assert.deepEqual(await kinds(page, 3), ['not_yet']);
  assert.deepEqual(await kinds(page, 4), []);
  const before = await now(page);
  assert.equal(before, await now(page, 4), 'one line through all rows');
  await board.advance(400);
  await page.waitForFunction((before) => {
    const line = document.querySelector('baton-board').shadowRoot.querySelector('.now');
    return line.getBBox().x > before;
  }, before);
  assert.equal(await page.locator('.gantt-row[data-row="3"] .gantt-live text').textContent(), '0:01');
  await board.advance(20_000);
  await runIs(page, 'passed');
  await page.locator('.now').first().waitFor({ state: 'detached' });
  assert.deepEqual(await kinds(page, 4), [...Array(6).fill('not_yet'), 'passed']);
  const spoken = page.getByRole('img', { name: 'Report: Passed, 7 tries, 6 s' });
  await spoken.waitFor();
  check();
});

test('a deadline is drawn once it is not far, and moves with a pause; the last attempt comes after it', async () => {
  const { page, check, board } = await waiting({ interval: '10s', timeout: '2m' });
  assert.equal(await page.locator('.deadline').count(), 1, 'in the legend only');
  await board.advance(70_000);
  const deadline = await drawn(page, 0, '.deadline');
  assert.ok((await deadline.evaluate((line) => line.getBBox().x)) > (await now(page)));
  await page.locator('[data-action="pause"]').click();
  await runIs(page, 'paused');
  await board.advance(60_000);
  await page.locator('.gantt-row[data-row="0"] .frozen').waitFor();
  assert.equal(await page.locator('.gantt-row[data-row="0"] .gantt-live .words').textContent(), 'Paused');
  assert.equal(await page.locator('.gantt-row[data-row="0"] .wait').count(), 0, 'nothing is awaited');
  const left = async () => (await deadline.evaluate((line) => line.getBBox().x)) - (await now(page));
  assert.ok((await left()) > 0, 'the minute does not count');
  await page.locator('[data-action="resume"]').click();
  await board.advance(60_000);
  await runIs(page, 'timed_out');
  const [over, end] = await page.locator('.gantt-row[data-row="0"]').evaluate((row) => {
    const { x, width } = [...row.querySelectorAll('.bar')].at(-1).getBBox();
    return [row.querySelector('.deadline').getBBox().x, x + width];
  });
  assert.ok(end > over - 2, `${end} of ${over}`);
  assert.equal(await page.locator('.asleep').count(), 0, 'a pause is no sleep');
  check();
});

test('a bar opens its attempt; bar, row and cell are marked together', async () => {
  const { page, check, board } = await at.open();
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  await page.goto(`${at.server.url}/#/runs/faulty-run`);
  await runIs(page, 'failed');
  await page.locator('.gantt-row[data-row="3"] .bar[data-kind="failed"]').waitFor();
  await page.locator('[data-field="amount"] [data-state="differs"]').waitFor();

  // From a bar.
  const bar = await page.locator('.gantt-row[data-row="3"] .bar[data-bar="4"]').boundingBox();
  await page.mouse.move(bar.x + 2, bar.y + 5);
  await page.locator('[data-field="amount"] td:nth-child(5) .matrix-cell[data-pointed]').waitFor();
  await page.locator('[data-stage="3"] [data-attempt="4"][data-pointed]').waitFor();
  assert.match(await page.locator('.gantt-told').textContent(), /^Cleaned table #4 · 12:00:06 · Failed · .*19\.90/);
  await page.mouse.move(5, 5);
  await page.locator('[data-pointed]').first().waitFor({ state: 'detached' });
  // From a cell, by keys.
  await page.locator('[data-field="amount"] td:nth-child(5) .matrix-cell').focus();
  await page.locator('.gantt-row[data-row="3"] .pointed').waitFor();
  // From a row.
  await page.locator('[data-stage="3"] [data-attempt="2"] .attempt-row').hover();
  await page.locator('.gantt-row[data-row="3"] .pointed').waitFor();
  const marked = await page.locator('.gantt-row[data-row="3"]').evaluate((row) => {
    const [pointed, bar] = [row.querySelector('.pointed'), row.querySelector('[data-bar="2"]')];
    return [pointed, bar].map((shape) => shape.getBBox()).map(({ x, width }) => x + width / 2);
  });
  assert.ok(Math.abs(marked[0] - marked[1]) < 1.5, `${marked}`);
  assert.equal(await page.locator('.matrix-cell[data-pointed]').count(), 0, 'no cell is made of that attempt');

  // A press opens it, in a stage that was folded.
  await press(page, 1, 1);
  const attempt = page.locator('[data-stage="1"] [data-attempt="1"]');
  await attempt.locator('[data-paper="response"]').waitFor();
  await page.waitForFunction(() =>
    document.querySelector('baton-board').shadowRoot.activeElement?.dataset.action === 'open-attempt');
  assert.ok(await attempt.locator('.attempt-row').evaluate((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }), 'it is in view');
  // So does a cell, whose evidence it is.
  await page.locator('[data-field="amount"] td:nth-child(4) .matrix-cell').click();
  await page.locator('[data-cell-detail] [data-action="show-evidence"]').click();
  await page.locator('[data-stage="2"] [data-attempt="3"] [data-paper="response"]').waitFor();
  check();
});

test('many alike are one span of the Gantt, and one row where one asks for changes only', async () => {
  const { page, check, board } = await waiting({ interval: '60s', timeout: '30h' });
  await board.advance(4 * HOUR);
  await page.locator('.gantt-row[data-row="0"] .gantt-past .words').waitFor();
  assert.equal(await page.locator('.gantt-row[data-row="0"] .gantt-past .words').textContent(), '×225');
  const bars = await page.locator('.gantt-row[data-row="0"] .bar').count();
  assert.ok(bars <= 17, `${bars} bars`);
  assert.equal(await page.locator('[data-stage="0"] table.attempts').getAttribute('aria-rowcount'), '242');
  const rows = await page.locator('[data-stage="0"] .attempt').count();
  assert.ok(rows < 120, `${rows} rows`);
  await page.locator('[data-action="list-changes"]').click();
  await page.locator('[data-stage="0"] .same:not(:empty)').waitFor();
  assert.equal(await page.locator('[data-stage="0"] .same').textContent(), '×240 the same');
  await page.locator('[data-action="list-failed"]').click();
  await page.locator('.log-none').waitFor();
  check();
});

/** Shows a run of so many attempts, told by a recording in the worker's place. */
function replayed(page, attempts) {
  return page.evaluate(async (count) => {
    const script = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/baton_ui.js')).name;
    const [{ mount }, { Recorded }] = await Promise.all(
      [script, new URL('../../reports/recorded.js', script)].map((url) => import(url)),
    );
    const [start, every] = [Date.UTC(2026, 10, 20), 20_000];
    const stage = {
      name: 'Warehouse', phase: 'waiting', once: false, attempts: count, begun_at: start, due: start + count * every,
      interval_ms: every, timeout_ms: 1e9, deadline: start + 1e9, late: false, flapping: false, unconfirmed: false, captures: [],
    };
    const run = {
      id: 'big', chain: 'big', name: 'Big', revision: 1, number: 1, phase: 'running', started_at: start, variables: [], stages: [stage],
    };
    const reason = (number) => ({ count_below: { what: '$[*]', seen: Math.floor(number / 100), want: 1000 } });
    const attempt = (_, index) => ({
      run: 'big', stage: 0, number: index + 1, phase: { judged: 'pending' }, scheduled_at: start + index * every,
      begun_at: start + index * every, ended_at: start + index * every + 80, latency_ms: 80, transport: 'demo',
      method: 'GET', url: 'demo:/', status: 200, reason: reason(index + 1), readings: [],
    });
    const now = start + (count - 1) * every + 5000;
    const recording = { run, attempts: Array.from({ length: count }, attempt), evidence: [], matrices: {}, taken_at: now };
    const board = document.querySelector('baton-board');
    const root = document.createElement('div');
    board.shadowRoot.replaceChildren(root);
    const options = { page: true, view: 'run', runId: 'big', clock: `test:${now}`, samples: [] };
    globalThis.big = mount(board, root, options, () => new Recorded(recording, now));
  }, attempts);
}

test('ten thousand attempts are few rows of the right height, and each can be reached', async () => {
  const { page, check } = await at.open();
  await page.evaluate(() => {
    globalThis.followed = new Set();
    const { observe, unobserve } = IntersectionObserver.prototype;
    Object.assign(IntersectionObserver.prototype, {
      observe(element) { globalThis.followed.add(element); observe.call(this, element); },
      unobserve(element) { globalThis.followed.delete(element); unobserve.call(this, element); },
    });
  });
  await replayed(page, 10_000);
  const log = page.locator('.log');
  await log.locator('[data-attempt="10000"]').waitFor();
  const table = log.locator('table');
  assert.equal(await table.getAttribute('aria-rowcount'), '10001');
  const rows = () => log.locator('.attempt').count();
  assert.ok((await rows()) < 120, `${await rows()} rows`);
  const height = await log.evaluate((frame) => frame.scrollHeight);
  assert.ok(height > 10_000 * 30 && height < 10_000 * 40, `${height} px`);
  assert.equal(await log.locator('[data-attempt="10000"] .attempt-row').getAttribute('aria-rowindex'), '2');
  for (const part of [0.25, 0.5, 1]) {
    await log.evaluate((frame, part) => frame.scrollTo(0, frame.scrollHeight * part), part);
    await page.waitForFunction(() => {
      const frame = document.querySelector('baton-board').shadowRoot.querySelector('.log');
      const { left, top, height } = frame.getBoundingClientRect();
      return frame.getRootNode().elementFromPoint(left + 40, top + height / 2)?.closest('.attempt');
    });
    assert.ok((await rows()) < 200, `${await rows()} rows at ${part}`);
  }
  await log.locator('[data-attempt="1"]').waitFor();
  // What is filtered away is let go: nothing is followed but what stands there.
  for (const filter of ['failed', 'all', 'failed', 'all']) await page.locator(`[data-action="list-${filter}"]`).click();
  await log.evaluate((frame) => frame.scrollTo(0, 0));
  await log.locator('[data-attempt="10000"]').waitFor();
  assert.equal(await page.evaluate(() => [...globalThis.followed].filter((element) => !element.isConnected).length), 0);
  assert.equal(await page.evaluate(() => globalThis.followed.size), await log.locator('.chunk').count());
  // By keys, and from the Gantt: an attempt far away is brought into view, with the focus.
  const span = await page.locator('.gantt-row[data-row="0"] .bar').first().getAttribute('data-bar');
  assert.ok(Number(span) > 9900, span);
  await press(page, 0, span);
  await log.locator(`[data-attempt="${span}"] [aria-expanded="true"]`).waitFor();
  await page.waitForFunction((span) =>
    document.querySelector('baton-board').shadowRoot.activeElement?.closest('[data-attempt]')?.dataset.attempt === span, span);
  await page.evaluate(() => globalThis.big.free());
  check();
});

test('where there is no room for time, a stage is its latest beats', async () => {
  const { page, check, board } = await at.open();
  await page.setViewportSize({ width: 360, height: 800 });
  await page.locator('[data-action="run-sample"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(20_000);
  await runIs(page, 'passed');
  await page.locator('[data-gantt][data-shape="beats"]').waitFor();
  assert.deepEqual(await kinds(page, 4), [...Array(6).fill('not_yet'), 'passed']);
  const wide = await page.locator('.gantt-row[data-row="4"] .bar').evaluateAll((bars) => bars.map((bar) => bar.getBBox().x));
  assert.ok(wide.every((x, index) => index === 0 || x - wide[index - 1] > 6), 'each has its place');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator('[data-gantt][data-shape="time"]').waitFor();
  check();
});
