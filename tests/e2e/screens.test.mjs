// Every screen in both languages, both themes and two widths: drawn into tests/results, and checked
// for accessibility by axe. The README's picture is one of them.

import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { RESULTS, listen, runIs, shared, startFaulty, violationsOf } from './support.mjs';

const README_PICTURE = fileURLToPath(new URL('../fixtures/screenshot.png', import.meta.url));

/** What the browser itself says of a request that it refuses. */
const EXPECTED = [/CORS policy/, /net::ERR_FAILED/];

const at = shared();
/** A system that allows no origin. */
let closed;

before(async () => {
  await mkdir(RESULTS, { recursive: true });
  closed = (await listen((_, response) => response.end('{}'))).url;
});

/** The screens, each reached as a user would, from the board of a first visit. */
const SCREENS = {
  async first() {},
  async run(page, board) {
    await page.locator('[data-action="run-sample"]').click();
    await page.locator('[data-screen="run"]').waitFor();
    await board.advance(4500);
    await page.locator('[data-stage="3"][data-status="waiting"]').waitFor();
  },
  async board(page, board) {
    await SCREENS.run(page, board);
    await failing(page, board);
    await page.locator('[data-action="home"]').click();
    await page.locator('[data-chain="failing"][data-status="failed"]').waitFor();
  },
  async failed(page, board) {
    await failing(page, board);
    await page.locator('[data-chain="failing"] [data-action="open"]').click();
    await runIs(page, 'failed');
    await page.locator('[data-paper="response"] .tree').waitFor();
  },
  async settings(page) {
    await page.locator('[data-action="settings"]').click();
    await page.locator('[data-action="failure"]').click();
    await page.locator('[data-notice="permission"]').waitFor();
  },
  async keys(page) {
    await page.locator('[data-heeds-keys]').waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog[open] [data-keys]').first().waitFor();
  },
  async history(page, board) {
    await several(page, board);
    await page.locator('[data-action="chain-history"]').click();
    await page.locator('[data-arrival] [role="img"]').first().waitFor();
    await page.locator('[data-action="choose-run"]').first().check();
  },
  async comparison(page, board) {
    await several(page, board);
    await page.locator('[data-action="compare-previous"]').click();
    await page.locator('[data-change="broken"]').waitFor();
  },
  async trigger(page) {
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    await page.locator('[data-view="form"]').click();
    await page.locator('[data-action="trigger-kind"]').selectOption('times');
    await page.locator('[data-field="timezone"]').fill('Asia/Shanghai');
    await page.locator('[data-fire="2026-11-24T01:00:00Z"]').waitFor();
    await page.locator('[data-field="times"]').fill('9:30, 10:45');
    await page.locator('[data-wrong="times"]:not(:empty)').waitFor();
  },
  async secrets(page, board) {
    await keyed(page, board);
  },
  async group(page, board) {
    const stages = [waits('Left'), waits('Right', { method: 'POST', json: {} })];
    const group = { group: { name: 'Tables', stages } };
    await started(page, board, 'group', { name: 'Two tables at once', stages: [group, waits('Report')] }, 35_000);
    await page.locator('[data-stage="1"][data-status="waiting"]').waitFor();
  },
  async scheduled(page, board) {
    const schedule = { type: 'cron', day_of_week: 'mon-fri', hour: 9, timezone: 'Asia/Shanghai' };
    const document = { baton: 1, id: 'nightly', name: 'Every working day', schedule, stages: [waits('Report')] };
    await board.save('nightly', document);
    const row = page.locator('[data-chain="nightly"]');
    await row.locator('[data-action="arm"]').click();
    await row.locator('[data-action="disarm"]').waitFor();
    await row.locator('[data-rule]:not(:empty)').waitFor();
  },
  async diagnosed(page, board) {
    const stage = waits('Warehouse');
    stage.request = { url: `${closed}/default/_count`, headers: { 'x-team': 'qa' } };
    await started(page, board, 'diagnosed', { name: 'A system that allows no origin', stages: [stage] }, 1000);
    await page.locator('[data-stage="0"] .stage-why:not(:empty)').waitFor();
  },
  async warned(page, board) {
    await SCREENS.group(page, board);
    await page.locator('[data-action="home"]').click();
    await page.locator('[data-chain="group"] [data-action="edit"]').click();
    await page.locator('[data-check-state="valid"]').waitFor();
  },
  async trial(page, board) {
    await failing(page, board);
    await page.locator('[data-chain="failing"] [data-action="open"]').click();
    await runIs(page, 'failed');
    await page.locator('[data-stage="3"] [data-action="try-evidence"]').click();
    await page.locator('[data-action="attempt"] option').first().waitFor({ state: 'attached' });
    const editor = page.locator('[data-action="document"]');
    await editor.fill((await editor.inputValue()).replaceAll('{{amount}}', '20'));
    await page.locator('[data-action="try"]').click();
    const paper = page.locator('[data-said="passed"] [data-paper="response"]');
    await paper.locator('.leaf', { hasText: '"user_id"' }).click();
    await paper.locator('.pick-menu').waitFor();
    await paper.locator('[data-found="some"]').waitFor();
  },
  async asked(page) {
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    await page.locator('[data-action="test-stage"]').click();
    await page.locator('[data-action="try"]').click();
    await page.locator('dialog[open]').waitFor();
  },
  async imports(page) {
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    await page.locator('[data-action="import"]').click();
    const entry = (method, url) => ({ request: { method, url, headers: [] }, response: { status: 200, content: {} } });
    const entries = [entry('GET', 'https://h.test/rows?token=s3cr3t-t0ken'), entry('GET', 'data:,x'), entry('POST', 'https://h.test/events')];
    await page.locator('[data-action="import-text"]').fill(JSON.stringify({ log: { entries } }));
    await page.locator('[data-action="add-stages"]').click();
    await page.locator('[data-entry="2"]').check();
    await page.locator('[data-action="add-stages"]').click();
    await page.locator('[data-note]').first().waitFor();
    await page.locator('[data-action="add-stages"]').click();
    await page.locator('[data-entry="0"]').check();
  },
  async form(page) {
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    await page.locator('[data-view="form"]').click();
    await page.locator('[data-step="stages[3]"]').click();
    await page.locator('[data-part="form"] [data-path="stages[3].name"]').waitFor();
    await page.locator('[data-check-state="valid"]').waitFor();
  },
  async formwrong(page, board) {
    const stages = [waits('Left'), waits('Right', { method: 'POST', json: {} })];
    const group = { group: { name: 'Tables', stages } };
    const environments = { staging: { api: 'https://staging.test' }, production: { api: 'https://prod.test' } };
    await board.save('mine', { baton: 1, name: 'Mine', 'x-team': 'qa', environments, stages: [waits('First'), group] });
    await page.locator('[data-chain="mine"] [data-action="edit"]').click();
    await page.locator('[data-view="form"]').click();
    await page.locator('[data-step="chain"]').click();
    await page.locator('[data-part="form"] [data-path="poll.interval"]').fill('soon');
    await page.locator('[data-wrong]').first().waitFor();
  },
  async editor(page) {
    await page.locator('[data-chain="sample"] [data-action="edit"]').click();
    const editor = page.locator('[data-action="document"]');
    await page.locator('[data-check-state="valid"]').waitFor();
    await editor.fill((await editor.inputValue()).replace('"equals"', '"equal"'));
    await page.locator('[data-problem]').first().waitFor();
  },
};

/** Runs of the sample that passed, and one whose amount was changed, which is shown. */
async function several(page, board) {
  for (let number = 1; number <= 6; number += 1) {
    await board.start(`sample-${number}`, 'sample');
    await board.advance(15_000 + number * 2000);
  }
  const { document: reply } = await board.send({ read_chain: { chain: 'sample' } });
  const document = JSON.parse(reply.document);
  document.stages[0].request.json.faults = { cleaned: ['rounded'] };
  await board.send({ save_chain: { chain: 'sample', document: JSON.stringify(document), base: null } });
  await board.start('sample-7', 'sample');
  await board.advance(8000);
  await page.locator('[data-chain="sample"] [data-action="open"]').click();
  await runIs(page, 'failed');
}

/** A chain that needs secrets, of which one is set and may not go everywhere yet. */
async function keyed(page, board) {
  const request = (url, ...names) => ({ url, headers: Object.fromEntries(names.map((name) => [name, `{{secret.${name}}}`])) });
  await board.save('keyed', {
    baton: 1, name: 'Orders reach the warehouse',
    environments: { staging: { host: 'https://staging.example' }, production: { host: 'https://api.example' } },
    stages: [
      { name: 'Collector', request: request('{{host}}/events', 'api-key') },
      { name: 'Warehouse', request: request('https://warehouse.example/rows', 'api-key', 'warehouse-token') },
    ],
  });
  const origins = ['https://staging.example'];
  await board.send({ set_secret: { environment: 'staging', name: 'api-key', value: 'a value', origins } });
  await page.locator('[data-chain="keyed"] [data-action="start"]').click();
  await page.locator('[data-dialog="secrets"] [data-secret="warehouse-token"]').waitFor();
}

/** A stage that waits for what nobody sends. */
const waits = (name, more) => ({
  name, request: { url: 'demo:///micro/good?event_id=nobody', ...more },
  checks: [{ source: { jsonpath: '$[*]' }, filter: ['count'], op: 'equals', value: 1 }],
});

/** Saves a chain and opens its run, after so many milliseconds. */
async function started(page, board, id, document, ms) {
  await board.save(id, { baton: 1, id, poll: { interval: '10s' }, ...document });
  await board.start(`${id}-run`, id);
  await board.advance(ms);
  await page.locator(`[data-chain="${id}"] [data-action="open"]`).click();
}

/** A run of the sample whose amount is changed on the way. */
async function failing(page, board) {
  await startFaulty(board, { cleaned: ['rounded'] }, { id: 'failing', name: 'Purchase, rounded on the way' });
  await board.advance(8000);
}

/** What a screen is drawn in. */
const LOOKS = ['en', 'zh-CN'].flatMap((locale) => ['light', 'dark'].flatMap((theme) => [1280, 360].map(
  (width) => ({ locale, theme, width }),
)));

for (const [name, reach] of Object.entries(SCREENS)) {
  test(`in both languages, both themes and two widths: ${name}`, async () => {
    const context = await at.profile({ reducedMotion: 'reduce', timezoneId: 'UTC' }, 'locale="en" theme="light"');
    const expected = name === 'diagnosed' ? EXPECTED : [];
    const { page, check, board } = await at.open('', { context, expected });
    await reach(page, board);
    const violations = [];
    for (const look of LOOKS) violations.push(...(await draw(page, name, look)));
    assert.deepEqual(violations, []);
    check();
  });
}

/** Has a screen that is there look otherwise, as its reader may at any time; draws it, and says what is wrong with it. */
async function draw(page, name, { locale, theme, width }) {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate((attributes) => {
    const board = document.querySelector('baton-board');
    for (const [key, value] of Object.entries(attributes)) board.setAttribute(key, value);
    // What follows the new size is drawn by then.
    return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, { locale, theme });
  await page.locator(`.baton[lang="${locale}"][data-theme="${theme}"]`).waitFor();
  const look = `${name}-${locale}-${theme}-${width}`;
  const file = join(RESULTS, `${look}.png`);
  await page.screenshot({ path: file, fullPage: true });
  if (look === 'failed-en-light-1280' && process.env.BATON_UPDATE_PICTURE) await copyFile(file, README_PICTURE);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${look} is ${wide} px too wide`);
  return (await violationsOf(page)).map((violation) => `${look}: ${violation}`);
}
