// What a run can do beyond one stage after another: groups, a retry, a schedule. The engine's clock is the
// test's, so that minutes pass in milliseconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answers, runIs, shared, stageStatuses, waits } from './support.mjs';


const at = shared({ profile: {} });

const chain = (stages, more = {}) => ({ baton: 1, name: 'Runs', poll: { interval: '10s' }, stages, ...more });

test('a run that failed is retried from that stage once the chain is mended, and keeps what was verified', async () => {
  const { page, check, board } = await at.open();
  await board.save('runs', chain([answers('First'), answers('Second', 201), answers('Third')]));
  await board.start('run-1', 'runs');
  await board.advance(1000);
  await page.goto(`${at.server.url}/#/runs/run-1`);
  await runIs(page, 'failed');
  assert.deepEqual(await stageStatuses(page), ['passed', 'failed', 'not_started']);

  await board.save('runs', chain([answers('First'), answers('Second'), answers('Third')]));
  await page.locator('[data-stage="1"] [data-action="retry"]').click();
  await page.locator('[data-screen="run"]:not([data-run="run-1"])').waitFor();
  await board.advance(1000);
  await runIs(page, 'passed');
  assert.equal(await page.locator('[data-action="retry-of"]').textContent(), 'Retry of run #1');
  // The first stage was taken over, with the evidence of the run that verified it.
  const first = page.locator('[data-stage="0"]');
  assert.equal(await first.locator('[data-action="origin"]').textContent(), 'run #1');
  await first.locator('[data-action="fold"]').click();
  await first.locator('[data-action="open-attempt"]').first().click();
  await first.locator('[data-paper="response"] .tree').waitFor();

  await page.locator('[data-action="retry-of"]').click();
  await page.locator('[data-run="run-1"]').waitFor();
  await runIs(page, 'failed');
  assert.equal(await page.locator('[data-action="retried-as"]').textContent(), 'Retried as run #2');
  check();
});

test('stages of a group stand side by side, are polled each for itself, and are joined by all', async () => {
  const { page, check, board } = await at.open();
  const group = { group: { name: 'Tables', stages: [answers('Left'), waits('Right')] } };
  await board.save('runs', chain([answers('First'), group, answers('Last')]));
  await board.start('run-1', 'runs');
  await page.goto(`${at.server.url}/#/runs/run-1`);
  await board.advance(25_000);
  await page.locator('[data-stage="2"][data-status="waiting"]').waitFor();
  assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'waiting', 'not_started']);
  const members = page.locator('[data-group="Tables"] [data-stage]');
  const [left, right] = await members.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  assert.equal(left.top, right.top, 'side by side');
  assert.ok(left.right <= right.left);
  assert.equal(await members.nth(1).locator('[data-tries]').textContent(), '3 tries');
  // Reloaded, each member is where it was.
  await page.reload();
  await page.locator('[data-stage="2"][data-status="waiting"]').waitFor();
  assert.equal(await page.locator('[data-stage="1"]').getAttribute('data-status'), 'passed');
  check();
});

test('the board shows how the latest runs of a chain ended, as a drawing and in words', async () => {
  const { page, check, board } = await at.open();
  await board.save('runs', chain([answers('First')]));
  const row = page.locator('[data-chain="runs"]');
  await board.start('run-1', 'runs');
  await board.advance(1000);
  await page.locator('[data-chain="runs"][data-status="passed"]').waitFor();
  assert.equal(await row.locator('.beats').count(), 0, 'one run has its mark beside the name');

  await board.save('runs', chain([answers('First', 201)]));
  await board.start('run-2', 'runs');
  await board.advance(1000);
  await board.save('runs', chain([waits('First')]));
  await board.start('run-3', 'runs');
  await board.advance(1000);
  await row.getByText('1 of the last 2 passed').waitFor();
  const beats = row.getByRole('img', { name: /^Last 3 runs: Passed 1, Failed 1, Running 1$/ });
  await beats.waitFor();
  assert.deepEqual(
    await beats.locator('path').evaluateAll((paths) => paths.map((path) => path.getAttribute('class'))),
    ['passed', 'failed', 'live'],
  );
  check();
});

test('an armed schedule starts runs by itself, and says when the next one comes', async () => {
  const { page, check, board } = await at.open();
  const schedule = { type: 'cron', minute: '*/10', timezone: 'Europe/London' };
  await board.save('runs', chain([answers('First')], { schedule }));
  const row = page.locator('[data-chain="runs"]');
  await row.getByText('Its schedule is off').waitFor();
  await board.advance(3_601_000);
  assert.equal(await row.getAttribute('data-status'), 'not_started', 'nobody has armed it');

  await row.locator('[data-action="arm"]').click();
  await row.locator('[data-action="disarm"]').waitFor();
  assert.match(await row.locator('[data-schedule]').textContent(), /^Starts by itself: .*13:10/);
  await board.advance(600_000);
  await page.locator('[data-chain="runs"][data-status="passed"]').waitFor();
  assert.match(await row.locator('[data-schedule]').textContent(), /13:20/);

  await row.locator('[data-action="disarm"]').click();
  await row.getByText('Its schedule is off').waitFor();
  await board.advance(3_600_000);
  await row.locator('[data-action="open"]').click();
  await page.locator('[data-other-run]').waitFor();
  assert.equal(await page.locator('[data-other-run]').count(), 1, 'it has started one run');
  check();
});
