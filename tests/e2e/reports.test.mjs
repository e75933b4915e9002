// A run taken along: as files from its screen, as texts by the API, and as a page that replays it offline.

import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { validateXML } from 'xmllint-wasm';

import {
  NOON, RESULTS, openPage, runIs, shared, stageStatuses, startFaulty, temporaryFolder, violationsOf,
} from './support.mjs';

const FIXTURES = fileURLToPath(new URL('../fixtures/reports/', import.meta.url));
const WWW = fileURLToPath(new URL('../../www/', import.meta.url));

const at = shared();
let schema;

before(async () => {
  schema = await readFile(join(FIXTURES, 'junit-10.xsd'), 'utf8');
  await mkdir(RESULTS, { recursive: true });
});

async function open({ locale = 'en', theme = 'light', width = 1280 } = {}) {
  const context = await at.profile({
    locale, colorScheme: theme, viewport: { width, height: 800 }, reducedMotion: 'reduce', timezoneId: 'UTC',
  }, `locale="${locale}" theme="${theme}"`);
  return at.open('', { context });
}

/** A run of the sample that ends at the cleaned table, where the amount was changed. */
async function fail(page, board) {
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  await page.goto(`${at.server.url}/#/runs/faulty-run`);
  await runIs(page, 'failed');
}

async function keepsToTheSchema(xml) {
  const { valid, errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] });
  assert.ok(valid, `${errors.map((error) => error.rawMessage).join('\n')}\n${xml}`);
}

/** Presses the button of a format, and reads the file that the browser saves. */
async function saved(page, format) {
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.locator(`[data-action="export-${format}"]`).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

/** The module that makes the texts, without a browser. */
async function texts() {
  const folder = join(WWW, 'pkg/reports/');
  const module = await import(pathToFileURL(join(folder, 'baton_reports.js')));
  module.initSync({ module: await readFile(join(folder, 'baton_reports_bg.wasm')) });
  return module;
}

async function recordings() {
  const files = (await readdir(FIXTURES)).filter((file) => file.endsWith('.recording.json'));
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(FIXTURES, file), 'utf8'))));
}

test('a run is saved from its screen, each file under a good name', async () => {
  const { page, check, board } = await open();
  await fail(page, board);
  await page.locator('[data-action="export"]').click();
  assert.match(await page.locator('.menu-items').textContent(), /Secrets are masked in every file/);
  const stem = 'purchase-changed-on-the-way-run-1';

  const junit = await saved(page, 'junit');
  assert.equal(junit.name, `${stem}.junit.xml`);
  await keepsToTheSchema(junit.text);
  const read = await page.evaluate((xml) => {
    const document = new DOMParser().parseFromString(xml, 'application/xml');
    const attributes = (selector) => [...document.querySelectorAll(selector)].map((found) => found.attributes);
    return attributes('testcase, failure, skipped').map((found) => (found.message ?? found.name).value);
  }, junit.text);
  assert.deepEqual(read, [
    'Send', 'Collector', 'Stream', 'Cleaned table', '$.hits.hits[*]._source.amount is 20, expected "19.90"', 'Report',
    'not started: "Cleaned table" failed',
  ]);

  const json = await saved(page, 'json');
  assert.equal(json.name, `${stem}.json`);
  const report = JSON.parse(json.text);
  assert.equal(report.baton_report, 1);
  const decided = report.stages[3].attempts.at(-1);
  assert.equal(decided.status, 'fail');
  assert.match(decided.evidence.answer.response.body.text, /"amount":\s*20/);
  assert.equal(report.stages[3].attempts[0].evidence, undefined, 'of attempts that decided, no others');

  const attempts = await saved(page, 'csv');
  assert.equal(attempts.name, `${stem}.attempts.csv`);
  assert.ok(attempts.text.startsWith('\ufeffchain,run,stage,'));
  const count = report.stages.reduce((sum, stage) => sum + stage.attempts.length, 0);
  assert.equal(attempts.text.split('\r\n').length, 1 + count + 1);

  const fields = await saved(page, 'matrix');
  assert.equal(fields.name, `${stem}.matrix.csv`);
  assert.match(fields.text, /,amount,decimal,Cleaned table,Elasticsearch,differs,20,20,/);
  check();
});

test('the files unfold by keyboard, and fold when the focus goes on', async () => {
  const { page, check, board } = await open({ locale: 'zh-CN', width: 360 });
  await fail(page, board);
  const menu = page.locator('details.menu');
  await page.locator('[data-action="export"]').focus();
  await page.keyboard.press('Enter');
  assert.match(await menu.textContent(), /所有文件中的机密均已遮蔽/);
  await page.screenshot({ path: join(RESULTS, 'export-zh-360.png') });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('Tab');
  assert.equal(await menu.getAttribute('open'), '');
  await page.keyboard.press('Tab');
  assert.equal(await menu.getAttribute('open'), null);
  check();
});

test('a report that cannot be made says why', async () => {
  const { page, check, board } = await open();
  await board.save('plain', { baton: 1, name: 'Plain', stages: [{ name: 'A', request: { url: 'demo:///nothing' } }] });
  await board.start('plain-run', 'plain');
  await page.goto(`${at.server.url}/#/runs/plain-run`);
  await page.locator('[data-screen="run"]').waitFor();
  await page.locator('[data-action="export"]').click();
  await page.locator('[data-action="export-matrix"]').click();
  await page.locator('.menu-items [role="status"]', { hasText: 'this run has no matrix; name "fields"' }).waitFor();
  check();
});

test('the API gives the text of the run that is shown, or that is named', async () => {
  const { page, check, board } = await open();
  const ask = (format, options) => page.evaluate(
    ([format, options]) => document.querySelector('baton-board').export(format, options).catch((error) => `refused: ${error.message}`),
    [format, options],
  );
  assert.equal(await ask('junit'), 'refused: there is no run to report on; start one, or name it');
  await board.start('run-1', 'sample');
  await board.advance(2_000);
  const live = await ask('junit');
  await keepsToTheSchema(live);
  assert.match(live, /<skipped type="open" message="not ended when this was written: /);
  await board.send({ cancel_run: { run: 'run-1' } });
  const ended = await ask('junit', { run: 'run-1', locale: 'zh' });
  await keepsToTheSchema(ended);
  assert.match(ended, /<skipped type="cancelled" message="由用户取消"\/>/);
  assert.equal(await ask('pdf'), 'refused: there is no report "pdf"; use one of junit, json, csv, matrix, html');
  assert.equal(await ask('json', { run: 'nowhere' }), 'refused: there is no run nowhere');
  check();
});

test('whatever texts a run has, its JUnit keeps to the schema', async () => {
  const { report } = await texts();
  const hostile = [']]>', '</failure>&amp;<', '"\'\u0000\u0007\u001b\u007f', '\ufffe\uffff\u{10ffff}', 'a\r\n\tb', '購買 😀'];
  for (const recording of await recordings()) {
    for (const text of ['', ...hostile]) {
      const told = structuredClone(recording);
      told.run.name += text;
      told.run.environment = text;
      for (const stage of told.run.stages) {
        stage.name += text;
        stage.reason = { differs: { what: text, got: text, want: text } };
      }
      for (const attempt of told.attempts) attempt.url += text;
      for (const locale of ['en', 'zh']) {
        const made = report('junit', JSON.stringify(told), locale);
        await keepsToTheSchema(made.text);
        made.free();
      }
    }
  }
});

test('a schema that is not kept to would be noticed', async () => {
  const xml = '<testsuites><testsuite name="a" tests="1" failures="0" errors="0" time="1e3"/></testsuites>';
  await assert.rejects(keepsToTheSchema(xml), /time/);
});

/** Saves the failed run as a page, and opens that from the disk, without any network. */
async function replay({ locale = 'en', theme = 'light', width = 1280 } = {}) {
  const { page, check, board } = await open({ locale });
  await fail(page, board);
  await page.locator('[data-action="export"]').click();
  const { name, text } = await saved(page, 'html');
  assert.equal(name, 'purchase-changed-on-the-way-run-1.html');
  check();
  const folder = await temporaryFolder();
  at.each.add(() => folder.remove());
  const file = join(folder.path, name);
  await writeFile(file, text);
  const context = await at.browser.newContext({
    locale, colorScheme: theme, viewport: { width, height: 800 }, reducedMotion: 'reduce', timezoneId: 'UTC', offline: true,
  });
  at.each.add(() => context.close());
  const opened = await openPage(context);
  const asked = [];
  opened.page.on('request', (request) => asked.push(request.url().split(':')[0]));
  await opened.page.goto(pathToFileURL(file).href);
  await runIs(opened.page, 'failed');
  return { ...opened, asked };
}

test('a replay shows the finished run from the disk, with all that can be opened', async () => {
  const { page, check, asked } = await replay();
  assert.match(await page.locator('[data-part="said"]').textContent(), /^A recording of run #1, taken .*\. It needs no network; secrets are masked\.$/);
  assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'passed', 'failed', 'not_started']);
  assert.match(await page.locator('[data-blame="failed"]').textContent(), /amount first differs in Elasticsearch/);
  await page.locator('[data-action="reference"]').selectOption('Cleaned table');
  await page.locator('[data-field="amount"] [data-state="differs"]').nth(2).waitFor();
  // The attempt that decided is open; every other opens its evidence too.
  const papers = page.locator('[data-stage="3"] [data-paper="response"]');
  await papers.filter({ hasText: '"amount": 20' }).waitFor();
  await page.locator('[data-stage="3"] [data-action="open-attempt"][aria-expanded="false"]').last().click();
  await papers.filter({ hasText: '"hits": []' }).waitFor();
  // What a module of the worker makes is said to be missing.
  await page.locator('[data-paper="request"]').first().getByText('Copy as cURL').click();
  await page.getByText("Can't be made here").waitFor();
  // Nothing can be done to it, and its chain is there to go back to.
  for (const action of ['start', 'edit', 'retry', 'export']) {
    assert.equal(await page.locator(`[data-action="${action}"]:visible`).count(), 0, action);
  }
  await page.locator('[data-action="back"]').click();
  await page.locator('[data-chain="faulty"]').waitFor();
  assert.deepEqual([...new Set(asked)].sort(), ['blob', 'file']);
  check();
});

test('at every instant a recording is as the run was', async () => {
  const { asOf } = await import(pathToFileURL(join(WWW, 'reports/recorded.js')));
  for (const recording of await recordings()) {
    const { run, attempts } = recording;
    const whole = asOf(recording, run.ended_at);
    assert.deepEqual([whole.run, whole.attempts], [run, attempts]);
    let before = -1;
    for (let at = run.started_at; at <= run.ended_at; at += 250) {
      const then = asOf(recording, at);
      assert.equal(then.run.phase, at < run.ended_at ? 'running' : run.phase);
      assert.ok(then.attempts.length >= before, 'nothing is undone');
      before = then.attempts.length;
      for (const attempt of then.attempts) {
        assert.ok(attempt.begun_at <= at && (attempt.ended_at ?? at) <= at, 'nothing is known ahead of its time');
        assert.equal(attempt.phase === 'calling', attempt.ended_at === undefined);
      }
      for (const [index, stage] of then.run.stages.entries()) {
        const known = [stage.begun_at, stage.ended_at].every((instant) => (instant ?? at) <= at);
        assert.ok(known, `${stage.name} at ${at - run.started_at} ms`);
        assert.equal(stage.attempts, then.attempts.filter((attempt) => attempt.stage === index).length);
      }
    }
  }
});

test('the cursor of a replay shows the run as it was then', async () => {
  const { page, check } = await replay();
  const cursor = page.locator('[data-part="cursor"]');
  const to = (ms) => cursor.fill(String(NOON + ms));
  await to(3500);
  await page.locator('[data-screen="run"][data-status="running"]').waitFor();
  assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'passed', 'waiting', 'not_started']);
  assert.match(await page.locator('[data-part="clock"]').textContent(), /12:00:03/);
  assert.equal(await page.locator('[data-matrix]').count(), 0, 'how the matrix grew is not recorded');
  await to(500);
  assert.deepEqual(await stageStatuses(page), ['passed', 'waiting', 'not_started', 'not_started', 'not_started']);
  await cursor.focus();
  await page.keyboard.press('End');
  await runIs(page, 'failed');
  await page.locator('[data-matrix]').waitFor();
  // Played from its beginning, it comes to its end by itself.
  await page.locator('[data-part="play"]').click();
  await page.locator('[data-screen="run"][data-status="running"]').waitFor();
  await runIs(page, 'failed');
  await page.locator('[data-part="play"]', { hasText: 'Replay' }).waitFor();
  check();
});

test('the language and the colours of a replay are the reader\'s', async () => {
  const { page, check } = await replay();
  await page.locator('[data-action="locale"]').selectOption('zh-CN');
  await page.locator('[data-part="said"]', { hasText: '第 1 次运行的回放' }).waitFor();
  await page.locator('[data-action="theme"]').selectOption('dark');
  await page.locator('[data-part="bar"][data-theme="dark"]').waitFor();
  await page.locator('[data-part="cursor"]').fill(String(NOON + 2500));
  await page.locator('[data-screen="run"][data-status="running"]').waitFor();
  assert.equal(await page.locator('[data-part="play"]').textContent(), '播放');
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  check();
});

for (const locale of ['en', 'zh-CN']) {
  for (const theme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      test(`a replay in ${locale}, ${theme}, ${width} px, is accessible and fits`, async () => {
        const { page, check } = await replay({ locale, theme, width });
        await page.locator('[data-matrix]').waitFor();
        await page.screenshot({ path: join(RESULTS, `replay-${locale}-${theme}-${width}.png`), fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
        assert.deepEqual(await violationsOf(page), []);
        check();
      });
    }
  }
}
