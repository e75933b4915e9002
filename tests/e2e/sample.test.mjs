// A first visit: the sample chain is one click away, and shows what right and wrong look like.
// The engine's clock is the test's, so that minutes pass in milliseconds.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runIs, shared, stageStatuses } from './support.mjs';

const END_TO_END = 20_000;

const at = shared({ profile: {} });

test('the sample passes in five stages, one click after the first visit', async () => {
  const { page, check, board } = await at.open();
  await page.locator('[data-action="run-sample"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(END_TO_END);
  await runIs(page, 'passed');
  assert.deepEqual(await stageStatuses(page), Array(5).fill('passed'));
  const tries = await page.locator('[data-stage] [data-tries]').allTextContents();
  assert.deepEqual(tries, ['1 try', '2 tries', '3 tries', '4 tries', '7 tries']);
  check();
});

test('an amount changed on the way fails at that stage, with the evidence on screen', async () => {
  const { page, check, board } = await at.open();
  // As a user would: the sample's document, with a fault that its event carries.
  await page.locator('[data-chain="sample"] [data-action="edit"]').click();
  const editor = page.locator('[data-action="document"]');
  await editor.waitFor();
  const document = await editor.inputValue();
  await editor.fill(document.replace('"currency": "EUR",', '"currency": "EUR", "faults": {"cleaned": ["rounded"]},'));
  await page.locator('[data-action="save-and-run"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(END_TO_END);
  await runIs(page, 'failed');
  assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'passed', 'failed', 'not_started']);
  const stage = page.locator('[data-stage="3"]');
  assert.equal(
    await stage.locator('.stage-why').textContent(),
    'after 3 s: $.hits.hits[*]._source.amount is 20, expected "19.90"',
  );
  // The attempt that decided it is open by itself: what was expected, what was found, and the answer.
  const wrong = stage.locator('[data-check="checks[3]"]');
  await wrong.waitFor();
  assert.match(await wrong.locator('.expected').textContent(), /"19\.90"/);
  assert.match(await wrong.locator('.selected').textContent(), /20/);
  const response = stage.locator('[data-paper="response"] .tree');
  await response.waitFor();
  assert.match(await response.textContent(), /"amount": 20,/);
  assert.match(await stage.locator('[data-paper="request"]').textContent(), /demo:\/\/\/events\/_search/);
  check();
});

test('a chain of fifteen minutes ends in milliseconds, with one last attempt at its deadline', async () => {
  const { page, check, board } = await at.open();
  await board.save('lost', {
    baton: 1, name: 'Never arrives',
    stages: [{
      name: 'Collector', request: { url: 'demo:///micro/good?event_id=nobody' },
      checks: [{ source: { jsonpath: '$[*]' }, filter: ['count'], op: 'equals', value: 1 }],
    }],
  });
  await page.locator('[data-chain="lost"] [data-action="start"]').click();
  await page.locator('[data-chain="lost"] [data-action="open"]').click();
  await board.advance(15 * 60_000 - 1);
  await runIs(page, 'running');
  await board.advance(1);
  await runIs(page, 'timed_out');
  const stage = page.locator('[data-stage="0"]');
  assert.equal(await stage.locator('[data-tries]').textContent(), '17 tries');
  assert.match(await stage.locator('.stage-why').textContent(), /^not there within 15 m: 0 of 1 at \$\[\*\] \(since 2026-11-23T12:00:00Z\)$/);
  check();
});

test('a run can be paused, polled by hand, resumed and cancelled', async () => {
  const { page, check, board } = await at.open();
  await page.locator('[data-action="run-sample"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(1500);
  await page.locator('[data-action="pause"]').click();
  await runIs(page, 'paused');
  const tries = page.locator('[data-stage="2"] [data-tries]');
  const before = await tries.textContent();
  await board.advance(600_000);
  await runIs(page, 'paused');
  assert.equal(await tries.textContent(), before, 'nobody polls during a pause, and its deadline is frozen');
  await page.locator('[data-action="resume"]').click();
  await runIs(page, 'running');
  // By hand, between two polls; ten minutes on, the data is everywhere.
  await page.locator('[data-screen="run"] [data-action="poll"]').click();
  await board.advance(1);
  await runIs(page, 'passed');

  await page.locator('[data-screen="run"] [data-action="start"]').click();
  await runIs(page, 'running');
  await board.advance(1500);
  await page.locator('[data-screen="run"] [data-action="cancel"]').click();
  await runIs(page, 'cancelled');
  assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'cancelled', 'not_started', 'not_started']);
  check();
});

test('a mistake in a document is named with its place and its mend, and nothing typed is lost', async () => {
  const { page, check } = await at.open();
  await page.locator('[data-action="new"]').click();
  await page.locator('[data-view="json"]').click();
  const editor = page.locator('[data-action="document"]');
  await editor.waitFor();
  const text = '{"baton": 1, "name": "Mine", "stages": [{"name": "a", "request": {"url": "demo:///micro/all"}, "checks": [{"source": "status", "op": "equal", "value": 200}]}]}';
  await editor.fill(text);
  const problem = page.locator('[data-problem]');
  await problem.waitFor();
  const words = await problem.textContent();
  assert.match(words, /stages\[0\]\.checks\[0\]\.op/);
  assert.match(words, /unknown word "equal"; did you mean "equals"\?/);
  await page.locator('[data-action="save"]').click();
  assert.equal(await editor.inputValue(), text);
  await editor.fill(text.replace('"equal"', '"equals"'));
  await page.locator('[data-check-state="valid"]').waitFor();
  await page.locator('[data-action="save"]').click();
  await page.locator('[data-action="home"]').click();
  await page.getByRole('link', { name: 'Mine', exact: true }).waitFor();
  check();
});
