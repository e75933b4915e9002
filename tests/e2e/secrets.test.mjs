// Secrets: asked for when a run needs them, sent where they may go, and nowhere to be seen afterwards.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';

import { listen, openPage, ready, runIs, shared, stageIs, withAttributes } from './support.mjs';

const SECRET = 's3cr+t/"of" prod=1';
const BASE64 = Buffer.from(SECRET).toString('base64').replace(/.?=*$/, '');
const FORMS = [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1), BASE64];

const at = shared({ profile: {} });
const asked = [];
let api;
let other;

/** A system that tells everybody what it was sent. */
function answer(request, response) {
  const headers = {
    'access-control-allow-origin': '*', 'access-control-allow-headers': 'x-api-key, authorization',
    'access-control-expose-headers': '*', 'content-type': 'application/json',
  };
  if (request.method === 'OPTIONS') return response.writeHead(204, headers).end();
  const key = request.headers['x-api-key'];
  asked.push({ url: request.url, key });
  if (request.url.startsWith('/away')) {
    return response.writeHead(302, { ...headers, location: `/echo?token=${encodeURIComponent(key)}` }).end();
  }
  const echo = { ok: key === SECRET, key, coded: encodeURIComponent(key), basic: Buffer.from(`u:${key}`).toString('base64') };
  return response.writeHead(200, { ...headers, 'x-echo': encodeURIComponent(key) }).end(JSON.stringify(echo));
}

before(async () => {
  api = (await listen(answer)).url;
  other = (await listen(answer)).url;
});

beforeEach(async () => {
  asked.length = 0;
});

function chain(stages = [['System', '{{host}}/away']]) {
  const stage = ([name, url]) => ({
    name, request: { url, headers: { 'x-api-key': '{{secret.key}}' } },
    checks: [{ source: { jsonpath: '$.ok' }, op: 'equals', value: true }],
    captures: { [`${name}_key`]: { jsonpath: '$.key' } },
  });
  return {
    baton: 1, name: 'With a key', environments: { dev: { host: api }, prod: { host: other } }, stages: stages.map(stage),
  };
}

async function open(document = chain()) {
  const { page, check } = await openPage(at.context);
  await page.goto(at.server.url);
  const board = await ready(page);
  if (document) await board.save('keyed', document);
  const row = page.locator('[data-chain="keyed"]');
  const dialog = page.locator('[data-dialog="secrets"]');
  return { page, check, board, row, dialog };
}

async function enter(dialog, value = SECRET) {
  await dialog.locator('[data-secret="key"] input').fill(value);
  await dialog.locator('[data-action="save-secrets"]').click();
}

/** Everything that this origin has stored, but for the table of secrets. */
function stored(page) {
  return page.evaluate(async () => {
    const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((resolve) => {
        indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result);
      });
      for (const store of [...database.objectStoreNames].filter((store) => store !== 'secrets')) {
        const all = database.transaction(store).objectStore(store).getAll();
        found.push(await new Promise((resolve) => (all.onsuccess = () => resolve(JSON.stringify(all.result)))));
      }
      database.close();
    }
    return found.join('\n');
  });
}

/** Nothing that is stored or shown tells of the secret. */
async function isHidden(page) {
  const seen = [await stored(page), await page.evaluate(() => document.querySelector('baton-board').shadowRoot.innerHTML)];
  for (const form of FORMS) {
    // What is stored is JSON within JSON.
    for (const written of [form, JSON.stringify(form).slice(1, -1)]) {
      for (const text of seen) assert.ok(!text.includes(written), `${written} is there`);
    }
  }
}

test('a start asks for its secret, and nothing that is kept or shown has it', async () => {
  const { page, check, board, row, dialog } = await open();
  await row.locator('[data-action="start"]').click();
  await dialog.getByText('This chain needs secrets').waitFor();
  await dialog.getByText('Environment: dev').waitFor();
  await dialog.getByText(api, { exact: true }).waitFor();
  assert.equal(await dialog.locator('input').getAttribute('type'), 'password');
  await enter(dialog, '123');
  await dialog.getByText('a secret has 4 to 4096 characters on one line').waitFor();
  assert.equal(asked.length, 0, 'nothing was sent yet');
  await enter(dialog);
  await dialog.waitFor({ state: 'hidden' });
  await row.locator('[data-action="open"]').click();
  await runIs(page, 'passed');
  assert.deepEqual(asked.map(({ key }) => key), [SECRET, SECRET], 'to the system, and by its own redirect');

  const [run] = (await board.send({ matrix: { run: await runId(page) } }), [await runId(page)]);
  const { attempts } = await board.send({ list_attempts: { run } });
  assert.equal(attempts[0].redirected_to, `${api}/echo?token={{secret.key}}`);
  const { evidence } = await board.send({ read_evidence: { run, stage: 0, attempt: 1 } });
  assert.ok(evidence.request.headers.some(([, value]) => value === '{{secret.key}}'));
  const exported = await Promise.all(['junit', 'json', 'csv', 'html'].map((format) => page.evaluate(
    (format) => document.querySelector('baton-board').export(format), format,
  )));
  assert.ok(exported.every((text) => text.length > 100));
  assert.ok(exported.join().includes('{{secret.key}}'));
  const { document } = await board.send({ read_chain: { chain: 'keyed' } });
  const told = JSON.stringify([attempts, evidence, exported, document, await board.send('subscribe')]);
  for (const form of FORMS) assert.ok(!told.includes(JSON.stringify(form).slice(1, -1)), form);
  await page.locator('[data-stage="0"] [data-action="fold"]').click();
  await page.locator('[data-stage="0"] [data-action="open-attempt"]').click();
  await page.locator('[data-paper="request"]', { hasText: '{{secret.key}}' }).waitFor();
  await page.locator('[data-paper="response"] .tree', { hasText: '{{secret.key}}' }).waitFor();
  await isHidden(page);
  check();
});

function runId(page) {
  return page.locator('[data-screen="run"]').getAttribute('data-run');
}

test('a secret that may not go to another system keeps the run from starting, until that is allowed', async () => {
  const { page, check, row, dialog } = await open();
  await row.locator('[data-action="start"]').click();
  await enter(dialog);
  await page.locator('[data-chain="keyed"][data-status="passed"]').waitFor();
  await (await ready(page)).save('keyed', chain([['System', '{{host}}/a'], ['Other', `${other}/b`]]));
  asked.length = 0;
  await row.locator('[data-action="start"]').click();
  await dialog.locator('.secret-wants', { hasText: other }).waitFor();
  await dialog.locator('[data-action="cancel-secrets"]').click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(asked.length, 0);
  await row.locator('[data-action="start"]').click();
  await dialog.locator('[data-action="save-secrets"]').click();
  await row.locator('[data-action="open"]').click();
  await stageIs(page, 1, 'passed');
  assert.deepEqual(asked.map(({ url }) => url), ['/a', '/b']);
  check();
});

test('the environment that is chosen is kept, and has secrets of its own', async () => {
  const { page, check, row, dialog } = await open();
  const choice = row.locator('[data-action="environment"]');
  assert.equal(await choice.inputValue(), 'dev');
  await choice.selectOption('prod');
  await row.locator('[data-action="start"]').click();
  await dialog.getByText('Environment: prod').waitFor();
  await enter(dialog);
  await page.locator('[data-chain="keyed"][data-status="passed"]').waitFor();
  await page.reload();
  await ready(page);
  assert.equal(await choice.inputValue(), 'prod');
  await row.locator('[data-action="start"]').click();
  await page.waitForFunction(() => document.querySelector('baton-board').shadowRoot
    .querySelector('[data-chain="keyed"]').dataset.status === 'passed');
  await row.locator('[data-action="open"]').click();
  await page.getByText('run #2').waitFor();
  await page.locator('.facts', { hasText: 'prod' }).waitFor();
  check();
});

test('secrets are looked after beside their chain: set, replaced and removed, and never shown', async () => {
  const { page, check, row, dialog } = await open();
  const secret = dialog.locator('[data-secret="key"]');
  await row.locator('[data-action="secrets"]').click();
  await secret.getByText('not set').waitFor();
  await enter(dialog, 'another value');
  await dialog.waitFor({ state: 'hidden' });
  await page.reload();
  await ready(page);
  await row.locator('[data-action="secrets"]').click();
  await secret.locator('[data-set="true"]').waitFor();
  assert.equal(await secret.locator('input').inputValue(), '', 'it is never shown again');
  await enter(dialog);
  await dialog.waitFor({ state: 'hidden' });
  await row.locator('[data-action="start"]').click();
  await dialog.locator('.secret-wants', { hasText: api }).waitFor();
  await dialog.locator('[data-action="save-secrets"]').click();
  await page.locator('[data-chain="keyed"][data-status="passed"]').waitFor();
  assert.equal(asked[0].key, SECRET, 'the one that replaced the other');
  await row.locator('[data-action="secrets"]').click();
  await secret.locator('[data-action="remove-secret"]').click();
  await secret.locator('[data-set="false"]').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await row.locator('[data-action="start"]').click();
  await dialog.getByText('This chain needs secrets').waitFor();
  await isHidden(page);
  check();
});

test('another tab asks too, and its secret reaches the tab that polls', async () => {
  const first = await open();
  const second = await open(null);
  await second.row.locator('[data-action="start"]').click();
  await enter(second.dialog);
  await first.page.locator('[data-chain="keyed"][data-status="passed"]').waitFor();
  await second.page.locator('[data-chain="keyed"][data-status="passed"]').waitFor();
  assert.equal(asked[0].key, SECRET);
  await isHidden(second.page);
  first.check();
  second.check();
});

test('who may only read is told in a sentence, and asked nothing', async () => {
  await withAttributes(at.context, 'readonly autorun chain="keyed"');
  const { page, check, board, dialog } = await open();
  const refused = await page.evaluate(() => document.querySelector('baton-board')
    .send({ start_run: { run: 'r', chain: 'keyed', environment: null } }));
  assert.equal(refused.refused.secrets.environment, 'dev');
  assert.deepEqual(refused.refused.secrets.wants, [{ name: 'key', is_set: false, origin: api }]);
  assert.equal(await dialog.isVisible(), false);
  assert.ok(board);
  check();
});
