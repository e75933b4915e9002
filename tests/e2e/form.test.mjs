// The editor's form: a chain built without writing JSON, over the same document that the text shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ready, runIs, shared, tabTo } from './support.mjs';

/** A document as people write them: its own layout, keys nobody knows, a number that floating point would spell otherwise. */
const WRITTEN = `{
  "baton": 1,
  "name": "Written by hand",
  "x-team":   "qa",
  "variables": { "amount": 19.90 },
  "stages": [
    {"name": "First", "x-note": [1,2],
     "request": {"url": "demo:///micro/all"},
     "checks": [{"source": "status", "op": "equals", "value": 200}]},
    { "name": "Second", "request": { "url": "demo:///micro/good" },
      "checks": [ { "source": {"jsonpath": "$[*]"}, "filter": ["count"], "op": "equals", "value": 1 } ] },
    {
      "name": "Third",
      "request": { "url": "demo:///micro/bad" },
      "checks": [{ "source": "status", "op": "equals", "value": 200 }]
    }
  ]
}
`;

const at = shared({ profile: { viewport: { width: 1280, height: 900 } } });

async function open() {
  const opened = await at.open();
  const text = () => opened.page.locator('[data-action="document"]').inputValue();
  return { ...opened, text };
}

/** The form of the document above. */
async function written() {
  const opened = await open();
  const { page, board } = opened;
  await board.save('written', WRITTEN);
  await page.goto(`${at.server.url}/#/chains/written/edit`);
  await page.locator('[data-view="form"]').click();
  return opened;
}

/** Types into a field that is reached by the Tab key, in place of what is there. */
async function type(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function press(page, selector) {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

const field = (path) => `[data-part="form"] [data-path="${path}"]:is(input, select, textarea)`;

test('a chain of two stages is built by the form and the keyboard alone, and runs until it passed', async () => {
  const { page, check, board, text } = await open();
  await page.locator('[data-action="new"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-part="form"]').waitFor();
  await type(page, field('name'), 'Built by hand');
  // The two stages it begins with give way.
  for (const left of [2, 1]) {
    await press(page, '[data-step="stages[0]"]');
    await press(page, '[data-action="remove-stage"]');
    await page.locator(`[data-step="stages[${left - 1}]"]`).waitFor({ state: 'detached' });
  }
  await press(page, '[data-action="add-stage"]');
  await press(page, '[data-preset="collector"]');
  await page.locator(`${field('stages[0].name')}:focus`).waitFor();
  await page.keyboard.type('Send it');
  await type(page, field('stages[0].request.url'), 'demo:///events');
  await type(page, field('stages[0].request.json'),
    '{ "event_id": "{{event_id}}", "event": "purchase", "amount": "19.90", "currency": "EUR", "user_id": "u", "occurred_at": "{{$now}}" }');
  await press(page, '[data-action="add-stage"]');
  await press(page, '[data-preset="own"]');
  await page.locator(`${field('stages[1].name')}:focus`).waitFor();
  await page.keyboard.type('Collector');
  await type(page, field('stages[1].request.url'), 'demo:///micro/good');
  await type(page, field('stages[1].checks[0].source.jsonpath'), '$[*].event.event_id');
  await type(page, field('stages[1].poll.interval'), '2s');
  await page.locator('[data-check-state="valid"]').waitFor();
  const document = JSON.parse(await text());
  assert.deepEqual(document.stages.map((stage) => stage.name), ['Send it', 'Collector']);
  assert.deepEqual(document.stages[1].poll, { interval: '2s' });
  assert.equal(document.stages[0].request.json.user_id, 'u');
  await press(page, '[data-action="save-and-run"]');
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(60_000);
  await runIs(page, 'passed');
  check();
});

test('the two views are of one text, in which only what was changed changes', async () => {
  const { page, check, text } = await written();
  assert.equal(await text(), WRITTEN);
  await page.locator(field('variables.amount')).last().fill('20.10');
  await page.locator('[data-step="stages[1]"]').click();
  await page.locator(field('stages[1].name')).fill('Last');
  await page.locator(field('stages[1].system')).fill('Micro');
  await page.locator('[data-view="json"]').click();
  const want = WRITTEN.replace('19.90', '20.10').replace('"Second",', '"Last", "system": "Micro",');
  assert.equal(await text(), want);
  const document = page.locator('[data-action="document"]');
  // The caret is where the stage is; in another stage, it takes the form there.
  const caret = await document.evaluate((area) => area.selectionStart);
  assert.ok(want.slice(caret).trimStart().startsWith('{ "name": "Last"'), want.slice(caret, caret + 40));
  await document.evaluate((area, place) => area.setSelectionRange(place, place), want.indexOf('"Third"'));
  await page.locator('[data-view="form"]').click();
  await page.locator('[data-step="stages[2]"][aria-current="true"]').waitFor();
  // Keys that the form does not know are named, and lead to the text.
  await page.locator('[data-step="stages[0]"]').click();
  assert.match(await page.locator('[data-others]').textContent(), /x-note/);
  await page.locator('[data-step="chain"]').click();
  assert.match(await page.locator('[data-others]').textContent(), /x-team/);
  // A text that is not JSON closes the form, and says where.
  await page.locator('[data-view="json"]').click();
  await document.fill(`${want}}`);
  await page.locator('[data-view="form"]').click();
  assert.match(await page.locator('[data-notice="unreadable"]').textContent(), /Line 19 is not JSON/);
  assert.ok(await page.locator(field('name')).isDisabled());
  await page.locator('[data-action="to-json"]').click();
  await page.locator('[data-action="document"]:focus').waitFor();
  // The view that was chosen last is opened the next time.
  await document.fill(want);
  await page.locator('[data-view="form"]').click();
  await page.locator('[data-action="save"]').click();
  await page.locator('[data-dirty="false"]:not(:empty)').waitFor();
  await page.reload();
  await ready(page);
  await page.locator('[data-part="form"]').waitFor();
  assert.equal(await text(), want);
  check();
});

test('stages are moved by buttons and by dragging, copied and removed, and each step is undone', async () => {
  const { page, check, text } = await written();
  const names = async () => JSON.parse(await text()).stages.map((stage) => stage.name);
  await page.locator('[data-step="stages[0]"]').click();
  await page.locator('[data-action="move-down"]').click();
  assert.deepEqual(await names(), ['Second', 'First', 'Third']);
  await page.locator('[data-step="stages[1]"][aria-current="true"]').waitFor();
  await page.locator('[data-action="move-up"]').click();
  assert.equal(await text(), WRITTEN, 'moved and moved back is the same');
  assert.equal(await page.locator('[data-action="move-up"]').getAttribute('aria-disabled'), 'true');

  const grip = page.locator('li:has([data-step="stages[2]"]) [data-grip]');
  const [from, to] = [await grip.boundingBox(), await page.locator('[data-step="stages[0]"]').boundingBox()];
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 4, to.y + 2, { steps: 5 });
  await page.locator('[data-drop="before"]').waitFor();
  await page.mouse.up();
  assert.deepEqual(await names(), ['Third', 'First', 'Second']);
  await page.locator('[data-step="stages[0]"][aria-current="true"]').waitFor();
  await page.locator('[data-action="undo"]').click();
  assert.equal(await text(), WRITTEN);
  await page.locator('[data-action="redo"]').click();
  assert.deepEqual(await names(), ['Third', 'First', 'Second']);

  await page.locator('[data-action="duplicate-stage"]').click();
  assert.deepEqual(await names(), ['Third', 'Third (2)', 'First', 'Second']);
  await page.locator('[data-action="remove-stage"]').click();
  await page.locator('[data-step="stages[1]"][aria-current="true"]').waitFor();
  await page.keyboard.press('Control+Z');
  await page.keyboard.press('Control+Z');
  await page.keyboard.press('Control+Z');
  assert.equal(await text(), WRITTEN);
  check();
});

test('what is typed in either view is undone in one history', async () => {
  const { page, check, text } = await written();
  await page.locator(field('name')).fill('');
  await page.locator(field('name')).pressSequentially('By hand');
  await page.locator(field('description')).pressSequentially('About it');
  await page.locator('[data-view="json"]').click();
  const document = page.locator('[data-action="document"]');
  await document.evaluate((area) => area.setSelectionRange(1, 1));
  await document.pressSequentially(' ');
  const typed = WRITTEN.replace('Written by hand', 'By hand').replace('  "variables"', '  "description": "About it",\n  "variables"').replace('{', '{ ');
  assert.equal(await text(), typed);
  await document.press('Control+Z');
  assert.equal(await text(), typed.replace('{ ', '{'));
  await page.locator('[data-view="form"]').click();
  await page.locator(field('name')).press('Control+Z');
  assert.equal(await page.locator(field('description')).inputValue(), '');
  await page.locator(field('name')).press('Control+Z');
  assert.equal(await text(), WRITTEN);
  assert.equal(await page.locator(field('name')).inputValue(), 'Written by hand');
  await page.locator(field('name')).press('Control+Shift+Z');
  await page.locator(field('name')).press('Control+Y');
  assert.equal(await text(), typed.replace('{ ', '{'));
  assert.equal(await page.locator('[data-dirty="true"]').count(), 1);
  check();
});

test('what is wrong stands beside its field and at its stage, and the list leads there in both views', async () => {
  const { page, check, text } = await written();
  await page.locator('[data-step="stages[1]"]').click();
  const interval = page.locator(field('stages[1].poll.interval'));
  await interval.fill('soon');
  const wrong = page.locator('[data-wrong]', { hasText: 'soon' });
  await wrong.waitFor();
  assert.equal(await interval.getAttribute('aria-invalid'), 'true');
  const described = await interval.getAttribute('aria-describedby');
  assert.equal(await wrong.getAttribute('id'), described);
  assert.equal(await page.locator('li:has([data-step="stages[1]"]) [data-wrong]').count(), 1);
  assert.equal(await page.locator('li:has([data-step="stages[0]"]) [data-wrong]').count(), 0);
  // What is folded is opened.
  await page.locator('[data-part="poll"] summary').click();
  await page.locator(field('stages[1].poll.max_attempts')).fill('none');
  await page.locator('[data-problem]').nth(1).waitFor();
  await page.locator('[data-part="poll"] summary').click();
  await page.locator('[data-step="chain"]').click();
  await page.locator('[data-problem]', { hasText: 'max_attempts' }).locator('[data-action="go-to"]').click();
  await page.locator(`${field('stages[1].poll.max_attempts')}:focus`).waitFor();
  await page.locator('[data-view="json"]').click();
  await page.locator('[data-problem]', { hasText: 'soon' }).locator('[data-action="go-to"]').click();
  await page.locator('[data-action="document"]:focus').waitFor();
  const line = await page.locator('[data-action="document"]').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.match(line, /soon/);
  await page.locator('[data-view="form"]').click();

  // What is no JSON yet is not lost, is in no document, and is not passed over by saving.
  await page.locator('[data-step="stages[0]"]').click();
  await page.locator('[data-action="body-kind"]').selectOption('json');
  const body = page.locator(field('stages[0].request.json'));
  await body.fill('{ "a": ');
  await page.locator('[data-unfinished="true"]').waitFor();
  assert.deepEqual(JSON.parse(await text()).stages[0].request.json, {});
  await page.locator('[data-action="save"]').click();
  assert.match(await page.locator('[data-notice="unfinished"]').textContent(), /stages\[0\]\.request\.json/);
  await page.locator('[data-step="chain"]').click();
  await page.locator('[data-step="stages[0]"]').click();
  assert.equal(await body.inputValue(), '{ "a": ');
  await body.fill('{ "a": 1.0 }');
  await page.locator('[data-unfinished="false"]').waitFor();
  assert.match(await text(), /"json": \{ "a": 1\.0 \}/);
  check();
});

test('stages are grouped, moved into groups and out of them, by buttons, keys and dragging', async () => {
  const { page, check, text } = await written();
  const steps = async () => JSON.parse(await text()).stages.map(({ name, group }) => (group ? group.stages.map((stage) => stage.name) : name));
  const act = (action) => page.locator(`[data-action="${action}"]`);
  const offered = () => page.locator('.step-acts').last().locator('button:visible').evaluateAll((all) => all.map((one) => one.dataset.action));
  const current = (place) => page.locator(`[data-step="${place}"][aria-current="true"]:focus`).waitFor();

  await page.locator('[data-step="stages[2]"]').click();
  assert.deepEqual(await offered(), [], 'the last has no next');
  await page.locator('[data-step="stages[1]"]').click();
  assert.deepEqual(await offered(), ['group-next']);
  await act('group-next').press('Enter');
  await page.locator(`${field('stages[1].group.name')}:focus`).waitFor();
  await page.keyboard.type('Tables');
  assert.deepEqual(await steps(), ['First', ['Second', 'Third']]);
  assert.equal(JSON.parse(await text()).stages[1].group.name, 'Tables');
  assert.deepEqual(await offered(), ['dissolve-group']);
  await page.locator('[data-check-state="valid"]').waitFor();

  await page.locator('[data-step="stages[0]"]').click();
  assert.deepEqual(await offered(), ['into-below']);
  await act('into-below').press('Enter');
  assert.deepEqual(await steps(), [['First', 'Second', 'Third']]);
  await current('stages[0].group.stages[0]');
  assert.match(await text(), /"x-note": \[1,2\]/);
  await page.locator('[data-step="stages[0].group.stages[1]"]').click();
  await act('out-of-group').press('Enter');
  assert.deepEqual(await steps(), [['First', 'Third'], 'Second']);
  await current('stages[1]');
  assert.deepEqual(await offered(), ['into-above']);
  await act('into-above').press('Enter');
  assert.deepEqual(await steps(), [['First', 'Third', 'Second']]);
  await page.locator('[data-step="stages[0]"]').click();
  await act('dissolve-group').press('Enter');
  assert.deepEqual(await steps(), ['First', 'Third', 'Second']);
  await current('stages[0]');
  // Each was a step, and so was the name.
  for (let undone = 0; undone < 6; undone += 1) {
    await page.keyboard.press('Control+Z');
    await page.locator('[data-step]:focus').waitFor();
  }
  assert.equal(await text(), WRITTEN);

  await page.locator('[data-step="stages[0]"]').click();
  await act('group-next').click();
  const drag = async (from, to, { x, y }) => {
    const grip = await page.locator(`li:has(> [data-step="${from}"]) [data-grip]`).boundingBox();
    const goal = await page.locator(`li:has(> [data-step="${to}"])`).boundingBox();
    await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
    await page.mouse.down();
    await page.mouse.move(goal.x + x, goal.y + goal.height * y, { steps: 5 });
    await page.locator('[data-drop]').waitFor();
    await page.mouse.up();
  };
  await drag('stages[1]', 'stages[0]', { x: 40, y: 0.8 });
  assert.deepEqual(await steps(), [['Third', 'First', 'Second']]);
  await drag('stages[0].group.stages[0]', 'stages[0].group.stages[2]', { x: -8, y: 0.9 });
  assert.deepEqual(await steps(), [['First', 'Second'], 'Third'], 'further out than the group');
  await drag('stages[1]', 'stages[0].group.stages[1]', { x: 20, y: 0.9 });
  assert.deepEqual(await steps(), [['First', 'Second', 'Third']], 'last in the group');
  check();
});
