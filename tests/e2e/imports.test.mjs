// Imports into the editor's document, as edits that one step of undo takes back; copies for other tools.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { openPage, ready, shared, violationsOf } from './support.mjs';

const at = shared();
let context;

beforeEach(async () => {
  context = await at.browser.newContext({
    locale: 'en-GB', viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'],
  });
  at.each.add(() => context.close());
});

async function editor(route) {
  const { page, check } = await openPage(context);
  await page.goto(`${at.server.url}/#/${route}`);
  const board = await ready(page);
  await page.locator('[data-view="json"]').click();
  const document = page.locator('[data-action="document"]');
  const names = async () => JSON.parse(await document.inputValue()).stages.map(({ name }) => name);
  return { page, check, board, document, names };
}

async function paste(page, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.locator('[data-action="document"]').focus();
  await page.keyboard.press('Control+V');
}

test('a command pasted into the document is a stage, and one step back takes it away', async () => {
  const { page, check, document, names } = await editor('chains/sample/edit');
  const before = await document.inputValue();
  await document.evaluate((area) => area.setSelectionRange(area.value.indexOf('"Collector"'), area.value.indexOf('"Collector"')));
  await paste(page, "curl 'https://h.test/rows?id=7' -H 'Authorization: Bearer s3cr3t-t0ken-of-mine' -H 'Cookie: a=1' --compressed");
  await page.locator('[data-note]').first().waitFor();
  assert.deepEqual((await names()).slice(0, 3), ['Send', 'Collector', 'GET /rows']);
  assert.ok(!(await document.inputValue()).includes('s3cr3t'), 'a secret is left out');
  const notes = await page.locator('[data-note]').allTextContents();
  assert.ok(notes.some((note) => /entered as secrets: token/.test(note)), notes.join('\n'));
  assert.ok(notes.some((note) => /cannot set cookies/.test(note)), notes.join('\n'));
  await page.keyboard.press('Control+Z');
  assert.equal(await document.inputValue(), before);
  await page.keyboard.press('Control+Shift+Z');
  assert.equal((await names())[2], 'GET /rows');
  check();
});

test('what is no command is pasted as it is, and one that can not be read too, with the reason', async () => {
  const { page, check, document } = await editor('chains/new');
  await document.fill('');
  await paste(page, 'curly');
  assert.equal(await document.inputValue(), 'curly');
  await document.fill('');
  await paste(page, "curl 'https://h.test");
  await page.locator('[data-note]', { hasText: 'a quote that begins with' }).waitFor();
  assert.equal(await document.inputValue(), "curl 'https://h.test");
  check();
});

test('entries of a recording are chosen, and stand in a new chain in place of its examples', async () => {
  const { page, check, names } = await editor('chains/new');
  const entry = (method, url) => ({ request: { method, url, headers: [] }, response: { status: 200, content: {} } });
  const recording = { log: { entries: [entry('GET', 'https://h.test/a'), entry('GET', 'data:,x'), entry('POST', 'https://h.test/b')] } };
  await page.locator('[data-action="import"]').click();
  await page.locator('[data-action="import-file"]').setInputFiles({
    name: 'a.har', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(recording)),
  });
  const entries = page.locator('.entries li');
  await entries.nth(2).waitFor();
  assert.equal(await entries.first().textContent(), 'GET https://h.test/a 200');
  assert.ok(await page.locator('[data-entry="1"]').isDisabled(), 'no stage can send it');
  await page.locator('[data-entry="0"]').check();
  await page.locator('[data-entry="2"]').check();
  await page.locator('[data-action="add-stages"]').click();
  await page.locator('[data-check-state="valid"]').waitFor();
  await page.locator('[data-note]').first().waitFor();
  assert.deepEqual(await names(), ['GET /a', 'POST /b']);
  check();
});

test('a collection brings its variables; a chain is copied as Hurl, an attempt as cURL', async () => {
  const { page, check, document, names } = await editor('chains/new');
  await page.locator('[data-action="import"]').click();
  await page.locator('[data-action="import-text"]').fill(JSON.stringify({
    info: { name: 'C', schema: 'v2.1.0' }, variable: [{ key: 'host', value: 'https://h.test' }],
    item: [{ name: 'Rows', event: [{ listen: 'test', script: { exec: ['1'] } }], request: { method: 'GET', url: '{{host}}/rows' } }],
  }));
  await page.locator('[data-action="add-stages"]').click();
  await page.locator('[data-note]', { hasText: 'script is not carried out' }).waitFor();
  assert.deepEqual(await names(), ['Rows']);
  assert.equal(JSON.parse(await document.inputValue()).variables.host, 'https://h.test');
  await page.locator('.tools [data-action="copy"]').click();
  await page.locator('.tools [data-action="copy"]', { hasText: 'Copied' }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^GET \{\{host\}\}\/rows$/m);
  check();
});

test('a command in the address of a stage is its request, in one step; what is not taken over is said', async () => {
  const { page, check, document } = await editor('chains/new');
  await document.fill('{ "baton": 1, "name": "C", "stages": [{ "name": "Own", "request": { "url": "u", "x-note": 1.50, "text": "gone" } }] }');
  const before = await document.inputValue();
  await page.locator('[data-view="form"]').click();
  await page.locator('[data-step="stages[0]"]').click();
  const address = page.locator('[data-part="form"] [data-path="stages[0].request.url"]');
  const pasted = async (text) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await address.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
  };
  await pasted("curl -X POST 'https://h.test/rows?id=7' \\\n -H 'Authorization: Bearer s3cr3t-t0ken-of-mine' -H 'Cookie: a=1' --json '{\"n\": 19.90}'");
  await page.locator('[data-note]', { hasText: 'cannot set cookies' }).waitFor();
  assert.equal(await address.inputValue(), 'https://h.test/rows');
  const [stage, ...others] = JSON.parse(await document.inputValue()).stages;
  assert.deepEqual(others, []);
  assert.equal(stage.name, 'Own');
  assert.equal(stage.once, true);
  assert.equal(stage.request.method, 'POST');
  assert.deepEqual(stage.request.query, { id: '7' });
  assert.deepEqual(stage.request.auth, { bearer: '{{secret.token}}' });
  assert.equal(stage.request.text, undefined);
  assert.match(await document.inputValue(), /"n": 19\.90[^]*"x-note": 1\.50/);
  await page.keyboard.press('Control+Z');
  assert.equal(await document.inputValue(), before);

  // Typed and left, it is one too.
  await address.fill('');
  await address.pressSequentially('curl https://h.test/typed');
  await page.keyboard.press('Tab');
  await page.locator('[data-part="form"] [data-path="stages[0].request.url"]').and(page.locator(':not(:focus)')).waitFor();
  await page.waitForFunction(() => document.querySelector('baton-board').shadowRoot.querySelector('[data-action="document"]').value.includes('"url": "https://h.test/typed"'));

  // One that can't be read stays as it is, and why is said.
  await pasted("curl 'https://h.test");
  await page.locator('[data-note]', { hasText: 'a quote that begins with' }).waitFor();
  assert.equal(await address.inputValue(), "curl 'https://h.test");
  await pasted('curl.example.com/rows');
  assert.equal(await address.inputValue(), 'curl.example.com/rows');
  check();
});

test('what comes of a command is dropped where the document is another by then', async () => {
  const { page, check, document } = await editor('chains/new');
  let go;
  const may = new Promise((resolve) => (go = resolve));
  await page.context().route(/imports\w*\.wasm$/, async (route) => {
    await may;
    await route.continue();
  });
  const stage = (name) => `{ "name": "${name}", "request": { "url": "${name}.test" } }`;
  await document.fill(`{ "baton": 1, "name": "C", "stages": [${stage('first')}, ${stage('other')}] }`);
  await page.locator('[data-view="form"]').click();
  await page.locator('[data-step="stages[1]"]').click();
  const asked = page.waitForRequest(/imports\w*\.wasm$/);
  await page.locator('[data-path="stages[1].request.url"]').fill("curl 'https://h.test/rows' -H 'Cookie: a=1'");
  await page.keyboard.press('Tab');
  await asked;
  await page.locator('[data-path="stages[1].name"]').fill('moved on');
  const before = await document.inputValue();
  go();
  await page.locator('[data-note]', { hasText: 'cannot set cookies' }).waitFor();
  assert.equal(await document.inputValue(), before);
  check();
});

test('the board offers other ways to begin: an import, and a copy of the sample', async () => {
  const { page, check } = await openPage(context);
  await page.goto(at.server.url);
  await ready(page);
  const ways = page.locator('[data-action="new-ways"]');
  await ways.press('Enter');
  await page.locator('[data-action="new-blank"]').waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await page.locator('[data-action="new-blank"]').waitFor({ state: 'hidden' });
  await page.locator('[data-action="new-ways"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-action="new-import"]').press('Enter');
  await page.locator('[data-action="import-text"]').fill('curl https://h.test/rows');
  assert.match(page.url(), /#\/chains\/new\/import$/);
  await page.locator('[data-action="add-stages"]').click();
  const document = page.locator('[data-action="document"]');
  await page.locator('[data-check-state="valid"]').waitFor();
  await page.waitForFunction(() => document.querySelector('baton-board').shadowRoot.querySelector('[data-action="document"]').value.includes('h.test'));
  assert.deepEqual(JSON.parse(await document.inputValue()).stages.map(({ name }) => name), ['GET /rows']);
  await page.locator('[data-action="undo"]').click();
  await page.locator('[data-dirty="false"]').waitFor({ state: 'attached' });
  await page.locator('[data-action="back"]').click();
  await ways.click();
  await page.locator('[data-action="new-copy"]').click();
  await page.waitForURL(/#\/chains\/sample\/copy$/);
  await page.locator('[data-screen="editor"]').waitFor();
  check();
});
