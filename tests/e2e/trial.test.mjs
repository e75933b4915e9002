// The editor's dry run: a stage is sent once, or judges an answer that was pasted or kept by a run.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runIs, shared, startPipeline } from './support.mjs';


const at = shared({ profile: {} });

/** Opens the panel in a chain's editor. */
async function bench(page, chain) {
  await page.goto(`${at.server.url}/#/chains/${chain}/edit`);
  await page.locator('[data-action="test-stage"]').click();
  const panel = page.locator('[data-panel="trial"]');
  await panel.locator('[data-action="stage"]').waitFor();
  return panel;
}

/** Presses "Try", and waits for what is said. */
async function said(panel, what) {
  await panel.locator('[data-action="try"]').click();
  const told = panel.locator(`[data-said="${what}"]`);
  await told.waitFor();
  return told;
}

test('a stage is sent once, after a question if it may change something, and what it captures is used by the next', async () => {
  const pipeline = await startPipeline();
  at.each.add(() => pipeline.stop());
  const { page, check, board } = await at.open();
  await board.save('two', {
    baton: 1, name: 'Two', variables: { event_id: '{{$uuid}}', amount: '19.90' }, environments: { local: { api: pipeline.url } },
    stages: [
      {
        name: 'Send', once: true,
        request: { method: 'POST', url: '{{api}}/events', json: { event_id: '{{event_id}}', event: 'purchase', amount: '{{amount}}' } },
        checks: [{ source: 'status', op: 'one_of', value: [200, 202] }], captures: { sent: { jsonpath: '$.event_id' } },
      },
      {
        name: 'Look', request: { url: '{{api}}/micro/good', query: { event_id: '{{sent}}' } },
        checks: [{ source: { jsonpath: '$[*]' }, filter: ['count'], op: 'equals', value: 1 }],
      },
    ],
  });
  const panel = await bench(page, 'two');
  const sent = async () => (await pipeline.log()).filter(({ method }) => method === 'POST').length;

  await panel.locator('[data-action="stage"]').selectOption('Look');
  const refused = await said(panel, 'refused');
  assert.match(await refused.textContent(), /`\{\{sent\}\}` has no value: try the stage that captures it first/);

  await panel.locator('[data-action="stage"]').selectOption('Send');
  await panel.locator('[data-action="try"]').click();
  const question = panel.locator('dialog[open]');
  assert.match(await question.textContent(), new RegExp(`POST ${pipeline.url}/events`));
  await question.locator('[data-action="no"]').click();
  assert.equal(await sent(), 0, 'not sent without a yes');
  await panel.locator('[data-action="try"]').click();
  await question.locator('[data-action="yes"]').click();
  await panel.locator('[data-said="passed"]').waitFor();
  assert.equal(await sent(), 1);
  assert.match(await panel.locator('[data-paper="request"]').textContent(), /"amount": ?"19\.90"/);
  const { event_id: id } = JSON.parse(await panel.locator('[data-action="values"]').inputValue());
  assert.match(await panel.locator('[data-values]').textContent(), new RegExp(`sent${id}`));

  await panel.locator('[data-action="stage"]').selectOption('Look');
  const notYet = await said(panel, 'waiting');
  assert.equal(await notYet.locator('.verdict [data-reason]').textContent(), '0 of 1 at $[*]');
  assert.match(await notYet.locator('.paper-url code').first().textContent(), new RegExp(`event_id=${id}$`));
  await pipeline.advance(60_000);
  const there = await said(panel, 'passed');
  assert.match(await there.locator('[data-check="checks[0]"] .selected code').first().textContent(), new RegExp(id));
  const runs = await page.evaluate(() => document.querySelector('baton-board').shadowRoot.querySelectorAll('[data-other-run]').length);
  assert.equal(runs, 0, 'a trial is no run');
  check();
});

test('a pasted answer is judged by the checks as they are typed', async () => {
  const { page, check, board } = await at.open();
  await board.save('one', {
    baton: 1, name: 'One',
    fields: [{ name: 'amount', kind: 'decimal' }],
    stages: [{
      name: 'Table', request: { url: 'https://h.test/rows' },
      checks: [{ source: { jsonpath: '$.amount' }, filter: ['decimal'], op: 'equals', value: '19.90' }],
      record: { fields: { amount: { jsonpath: '$.amount' } } },
    }],
  });
  const panel = await bench(page, 'one');
  await panel.locator('[data-action="source"]').selectOption({ label: 'One that I paste' });
  await panel.locator('[data-action="pasted"]').fill('HTTP/2 200\r\ncontent-type: application/json\r\n\r\n{"amount": 20.000}');
  const wrong = await said(panel, 'failed');
  assert.equal(await wrong.locator('.verdict [data-reason]').textContent(), '$.amount is 20.000, expected "19.90"');
  assert.match(await wrong.locator('[data-values]').last().textContent(), /amount20\.000 → "?20/);
  const document = page.locator('[data-action="document"]');
  await document.fill((await document.inputValue()).replace('19.90', '20'));
  await said(panel, 'passed');
  await document.fill((await document.inputValue()).replace('"op": "equals"', '"op": "equal"').replace('"op":"equals"', '"op":"equal"'));
  const broken = await said(panel, 'refused');
  assert.match(await broken.textContent(), /mend the document first: .*checks\[0\]\.op: unknown word "equal"; did you mean "equals"/);
  check();
});

test('the evidence of a run is judged by edited checks, beside what it came to', async () => {
  const { page, check, board } = await at.open();
  const document = page.locator('[data-action="document"]');
  await page.goto(`${at.server.url}/#/chains/sample/edit`);
  await document.waitFor();
  await document.fill((await document.inputValue()).replace('"currency": "EUR",', '"currency": "EUR", "faults": {"cleaned": ["rounded"]},'));
  await page.locator('[data-action="save-and-run"]').click();
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(20_000);
  await runIs(page, 'failed');
  await page.locator('[data-stage="3"] [data-action="try-evidence"]').click();
  const panel = page.locator('[data-panel="trial"]');
  await panel.locator('[data-action="attempt"]').waitFor();
  const name = await panel.locator('[data-action="stage"]').inputValue();
  assert.equal(name, await panel.locator('[data-action="stage"] option').nth(3).textContent());
  const verdicts = (told) => told.locator('.verdict').evaluateAll((all) => all.map(({ dataset }) => dataset.status));
  assert.deepEqual(await verdicts(await said(panel, 'failed')), ['failed', 'failed']);
  // What is expected is another value now: the same evidence passes.
  await document.fill((await document.inputValue()).replaceAll('"value": "{{amount}}"', '"value": 20'));
  const now = await said(panel, 'passed');
  assert.deepEqual(await verdicts(now), ['failed', 'passed']);
  assert.match(await now.locator('[data-paper="response"]').textContent(), /"amount"/);
  check();
});

test('a demonstration is tried without the runs noticing, and a stage is copied as a command', async () => {
  await at.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { page, check } = await at.open();
  const panel = await bench(page, 'sample');
  await panel.locator('[data-action="try"]').click();
  await panel.locator('dialog[open] [data-action="yes"]').click();
  const told = panel.locator('[data-said="passed"]');
  await told.waitFor();
  assert.match(await told.locator('[data-paper="request"]').textContent(), /answered inside this page/);
  await panel.locator('.acts [data-action="copy"]').click();
  await panel.locator('.acts [data-action="copy"]', { hasText: 'Copied' }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(command, /^curl 'demo:\/\/\/?events'/);
  check();
});

test('a tab that follows tries stages too, and judges evidence that its leader keeps', async () => {
  const { page: leader, check, board } = await at.open();
  await leader.locator('[data-action="run-sample"]').click();
  await board.advance(20_000);
  await runIs(leader, 'passed');
  const { page, check: checkFollower } = await at.open();
  await page.goto(`${at.server.url}/#/chains/sample`);
  await page.locator('[data-stage="2"] [data-action="fold"]').click();
  await page.locator('[data-stage="2"] [data-action="open-attempt"]').first().click();
  await page.locator('[data-stage="2"] [data-action="try-evidence"]').click();
  const panel = page.locator('[data-panel="trial"]');
  await panel.locator('[data-action="attempt"] option').first().waitFor({ state: 'attached' });
  await said(panel, 'passed');
  await panel.locator('[data-action="source"]').selectOption({ label: 'Send the request once' });
  await said(panel, 'waiting');
  check();
  checkFollower();
});

const ANSWER = '{"rows": [{"id": "e-91", "amount": 19.90}, {"id": "e-92", "amount": 7}], "done": true}';

/** A stage that answers with these rows, which are pasted, and tried. */
async function sampled(page, board, checks = []) {
  await board.save('one', {
    baton: 1, name: 'One', variables: { event_id: 'e-91', amount: '19.90' },
    stages: [{ name: 'Table', request: { url: 'https://h.test/rows' }, checks: [{ source: 'status', op: 'equals', value: 200 }, ...checks] }],
  });
  const panel = await bench(page, 'one');
  await panel.locator('[data-action="source"]').selectOption({ label: 'One that I paste' });
  await panel.locator('[data-action="pasted"]').fill(ANSWER);
  await said(panel, 'passed');
  return panel;
}

test('a path is looked for as it is typed, and one that finds nothing says how far it comes', async () => {
  const { page, check, board } = await at.open();
  const panel = await sampled(page, board);
  const paper = panel.locator('[data-paper="response"]');
  const marked = paper.locator('.leaf[data-marked]');
  const path = paper.locator('[data-action="path"]');
  await path.fill('$.rows[*].id');
  await paper.getByText('2 matches', { exact: true }).waitFor();
  assert.deepEqual((await marked.allTextContents()).map((text) => text.trim()), ['"id": "e-91",', '"id": "e-92",']);
  // Another answer is looked through for the same path.
  await panel.locator('[data-action="pasted"]').fill('{"rows": [{"id": "e-93"}]}');
  await panel.locator('[data-action="try"]').click();
  await paper.getByText('1 match', { exact: true }).waitFor();
  assert.equal(await path.inputValue(), '$.rows[*].id');
  await panel.locator('[data-action="pasted"]').fill(ANSWER);
  await panel.locator('[data-action="try"]').click();
  await paper.getByText('2 matches', { exact: true }).waitFor();
  await path.fill('$.rows[0].idd');
  const reached = paper.locator('[data-found="none"]');
  await reached.waitFor();
  assert.equal(await reached.textContent(), "`$.rows[0]` matches, `.idd` doesn't: there are id, amount");
  assert.equal(await marked.count(), 0);
  await path.fill('$.rows[');
  await paper.locator('[data-found="refused"]').waitFor();
  assert.equal(await paper.locator('[data-action="use-path"]').isDisabled(), true);
  await path.fill('$.rows[?@.id == {{event_id}}]');
  await paper.getByText('1 match', { exact: true }).waitFor();
  await path.fill('');
  await paper.locator('[data-found="nothing"]').waitFor();
  check();
});

test('a value that is pressed becomes a check, a capture and a field, each one step of undo', async () => {
  const { page, check, board } = await at.open();
  const panel = await sampled(page, board);
  const paper = panel.locator('[data-paper="response"]');
  const editor = page.locator('[data-action="document"]');
  const stage = async () => JSON.parse(await editor.inputValue()).stages[0];
  const before = await editor.inputValue();
  const amount = paper.locator('.leaf', { hasText: '"amount": 19.90' });
  const menu = paper.locator('.pick-menu');

  await amount.click();
  await paper.getByText('1 match', { exact: true }).waitFor();
  const ways = await menu.locator('[data-way]').evaluateAll((all) => all.map(({ dataset }) => dataset.way));
  const robust = "$.rows[?@.id == '{{event_id}}'].amount";
  assert.deepEqual(ways, [robust, '$.rows[0].amount', '$.rows[*].amount']);
  await menu.locator('[data-action="check-named"]').click();
  await paper.locator('[data-made="stages[0].checks[1]"]').waitFor();
  assert.deepEqual((await stage()).checks[1], { source: { jsonpath: robust }, filter: ['decimal'], op: 'equals', value: '{{amount}}' });
  await said(panel, 'passed');
  assert.equal(await panel.locator('[data-check="checks[1]"] .selected').textContent(), '19.90');

  // By keys, and by another path.
  const tree = paper.locator('.tree');
  await tree.focus();
  await tree.press('Home');
  await tree.press('ArrowDown');
  await tree.press('ArrowDown');
  await tree.press('ArrowDown');
  await tree.press('Enter');
  await menu.locator('[data-way="$.rows[*].id"]').check();
  await menu.locator('[data-action="check-count"]', { hasText: 'count is 2' }).click();
  assert.deepEqual((await stage()).checks[2], { source: { jsonpath: '$.rows[*].id' }, filter: ['count'], op: 'equals', value: 2 });

  await amount.click();
  await menu.locator('[data-action="capture-name"]').fill('paid');
  await menu.locator('[data-action="add-capture"]').click();
  assert.deepEqual((await stage()).captures, { paid: { jsonpath: robust } });
  await amount.click();
  await menu.locator('[data-action="add-field"]').click();
  await paper.locator('[data-made="stages[0].record.fields.amount"]').waitFor();
  const document = JSON.parse(await editor.inputValue());
  assert.deepEqual(document.fields, [{ name: 'amount', kind: 'decimal' }]);
  assert.deepEqual(document.stages[0].record, { fields: { amount: { jsonpath: robust } } });
  await said(panel, 'passed');
  await page.locator('[data-check-state="valid"]').waitFor();

  await amount.click();
  await menu.locator('[data-action="check-named"]').press('Escape');
  await menu.waitFor({ state: 'detached' });
  for (let step = 0; step < 4; step += 1) await editor.press('Control+z');
  assert.equal(await editor.inputValue(), before);
  check();
});
