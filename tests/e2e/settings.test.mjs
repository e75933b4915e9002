// The settings and the keyboard: what is chosen acts at once, in all tabs, and lasts; keys act where they should and
// nowhere else; a run's end is notified once; what is stored can be taken along, erased and brought back.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { openPage, ready, runIs, shared, startFaulty } from './support.mjs';


const at = shared();

const context = ({ permissions } = {}) => at.profile({ locale: 'en', timezoneId: 'Asia/Shanghai', permissions });

/** The page in a tab of its own. */
async function open(context, hash = '') {
  const { page, check, board } = await at.open(`/${hash}`, { context });
  at.each.add(check);
  await page.locator('[data-heeds-keys]').waitFor();
  return { page, board };
}

const press = (page, name) => page.locator(`[data-action="${name}"]`).first().click();
const screen = (page, name) => page.locator(`[data-screen="${name}"]`).waitFor();
const title = (page, title) => page.waitForFunction((title) => document.title === title, title);
const icon = (page) => page.evaluate(() => document.querySelector('link[rel=icon]').getAttribute('href').split('/').pop());

test('choices act at once, in every tab, and last over a reload', async () => {
  const shared = await context();
  const { page, board } = await open(shared);
  await press(page, 'run-sample');
  await board.advance(30_000);
  await runIs(page, 'passed');
  const started = page.locator('.facts dd').first();
  assert.equal(await started.textContent(), '23 Nov, 20:00:00');
  const other = await open(shared);
  // A tab behind another draws once a second.
  await page.bringToFront();
  await press(page, 'settings');
  await screen(page, 'settings');
  assert.match(await page.locator('[data-health="times"]').textContent(), /Times are local, UTC\+08:00/);
  await press(page, 'times-utc');
  await press(page, 'contrast');
  await press(page, 'locale-zh');
  assert.equal(await page.locator('h2').first().textContent(), '设置');
  for (const { page: tab } of [{ page }, other]) {
    await tab.locator('.baton[lang="zh-CN"][data-theme="contrast"]').waitFor();
    await tab.locator('[data-health="times"]', { hasText: '时间为 UTC' }).waitFor();
  }
  await page.reload();
  await ready(page);
  await page.locator('.baton[lang="zh-CN"][data-theme="contrast"]').waitFor();
  await page.goBack();
  await screen(page, 'run');
  assert.match(await started.textContent(), /12:00:00 UTC$/);
  await press(page, 'fold');
  assert.match(await page.locator('[data-action="open-attempt"]').first().evaluate((e) => e.closest('tr').textContent), /12:00:\d\dZ/);
  // Without a choice nothing is kept, and the browser's language is taken again.
  await page.goForward();
  for (const name of ['locale-auto', 'auto', 'times-local']) await press(page, name);
  await other.page.locator('.baton[lang="en"][data-theme="auto"]').waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});

test('a board in another page keeps nothing of its reader', async () => {
  const plain = await at.browser.newContext({ locale: 'en' });
  at.each.add(() => plain.close());
  const { page, check } = await openPage(plain);
  await page.goto(`${at.server.url}/embed.html`);
  await ready(page);
  await page.locator('[data-heeds-keys]').waitFor();
  await press(page, 'settings');
  await press(page, 'times-utc');
  await page.locator('[data-health="times"]', { hasText: 'UTC' }).waitFor();
  assert.equal(await page.locator('[data-settings="notifications"]').count(), 0);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  const before = await page.evaluate(() => [document.title, location.hash]);
  // Keys of the page around are its own.
  await page.locator('h1').click();
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await screen(page, 'settings');
  assert.deepEqual(await page.evaluate(() => [document.title, location.hash]), before);
  check();
});

test('keys act, save while one types, and can be switched off', async () => {
  const { page, board } = await open(await context());
  await board.save('second', { baton: 1, name: 'A second', stages: [{ name: 'One', request: { url: 'demo:///report' } }] });
  const focused = () => page.evaluate(() => {
    const { activeElement } = document.querySelector('baton-board').shadowRoot;
    return activeElement?.closest('[data-chain]')?.dataset.chain ?? activeElement?.dataset.action;
  });
  const rows = await page.locator('[data-chain]').evaluateAll((rows) => rows.map((row) => row.dataset.chain));
  await page.keyboard.press('j');
  assert.equal(await focused(), rows[0]);
  await page.keyboard.press('j');
  assert.equal(await focused(), rows[1]);
  await page.keyboard.press('k');
  assert.equal(await focused(), rows[0]);
  await page.keyboard.press('Enter');
  await screen(page, 'run');
  await page.keyboard.press('Escape');
  await screen(page, 'board');
  await page.keyboard.press('/');
  assert.equal(await focused(), 'filter');
  await page.keyboard.type('sample ?n');
  await screen(page, 'board');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.locator('h2').first().focus();
  await page.keyboard.press('?');
  await page.locator('dialog[open] [data-keys="g s"]').waitFor();
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await screen(page, 'board');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await screen(page, 'settings');
  await press(page, 'single-keys');
  await page.locator('h2').first().focus();
  for (const key of ['g', 'b', '?', 'n']) await page.keyboard.press(key);
  await screen(page, 'settings');
  assert.equal(await page.locator('dialog[open]').count(), 0);
});

test('keys open attempts, pause, poll, and reach the fields', async () => {
  const { page, board } = await open(await context());
  await press(page, 'run-sample');
  await board.advance(4500);
  await page.locator('[data-stage="3"][data-status="waiting"]').waitFor();
  await page.keyboard.press('p');
  await runIs(page, 'paused');
  await page.keyboard.press('p');
  await runIs(page, 'running');
  /** An attempt is the only one that is open, and has the focus; by its stage and number. */
  const isOpen = async (at) => {
    await page.locator(`[data-action="open-attempt"][aria-expanded="true"][aria-controls="attempt-${at}"]:focus`).waitFor();
    assert.equal(await page.locator('[data-action="open-attempt"][aria-expanded="true"]').count(), 1);
  };
  await page.keyboard.press(']');
  await isOpen('3-2');
  await page.keyboard.press('[');
  await isOpen('3-1');
  await page.keyboard.press(']');
  await isOpen('3-2');
  await page.keyboard.press('[');
  await page.locator('[data-stage="3"] [data-attempt="1"] [data-action="open-attempt"][aria-expanded="true"]').click();
  // One that was opened by hand is gone on from.
  await page.locator('[data-stage="0"] [data-action="fold"]').click();
  await page.locator('[data-stage="0"] [data-attempt="1"] [data-action="open-attempt"]').click();
  await isOpen('0-1');
  await page.keyboard.press(']');
  await isOpen('1-1');
  await page.keyboard.press('m');
  assert.equal(await page.locator('[data-matrix] :focus').count(), 1);
});

test('title and icon say how the chains stand', async () => {
  const { page, board } = await open(await context());
  await title(page, 'Baton');
  assert.equal(await icon(page), 'icon.svg');
  await startFaulty(board, { cleaned: ['rounded'] });
  await title(page, '◔ 1 live · Baton');
  assert.equal(await icon(page), 'icon-live.svg');
  await board.advance(8000);
  await title(page, '✖ 1 failed · Baton');
  assert.equal(await icon(page), 'icon-failed.svg');
  await press(page, 'settings');
  await title(page, '✖ 1 failed · Settings · Baton');
});

/** Counts the notifications of a context's pages, and says that the page can't be seen when it is told to. */
async function watched(permissions) {
  const watched = await context({ permissions });
  await watched.addInitScript(() => {
    globalThis.shown = [];
    globalThis.Notification = new Proxy(Notification, {
      construct(target, [title, options]) {
        const notification = new target(title, options);
        shown.push({ title, tag: options.tag, notification });
        return notification;
      },
    });
    let hidden = false;
    globalThis.hide = () => { hidden = true; };
    Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  });
  return watched;
}

const shown = (page) => page.evaluate(() => shown.map(({ title, tag }) => ({ title, tag })));

test('a run that fails is notified once among the tabs, and a press opens it', async () => {
  const several = await watched(['notifications']);
  const { page, board } = await open(several);
  const { page: other } = await open(several);
  await page.bringToFront();
  await press(page, 'settings');
  await press(page, 'failure');
  await page.locator('[data-action="failure"][aria-pressed="true"]').waitFor();
  await press(page, 'notify-always');
  await press(page, 'home');
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(8000);
  const count = async () => (await Promise.all([page, other].map(shown))).flat();
  const either = Promise.race([page, other].map(async (tab) => {
    await tab.waitForFunction(() => shown.length > 0);
    return tab;
  }));
  const tab = await either;
  // Both have heard of the end.
  for (const each of [page, other]) await each.locator('[data-chain="faulty"][data-status="failed"]').waitFor();
  const [first, ...more] = await count();
  assert.deepEqual(more, []);
  assert.match(first.title, /^✖ Purchase, changed on the way #1: Failed$/);
  assert.equal(first.tag, 'baton.faulty-run');
  await tab.evaluate(() => shown[0].notification.onclick());
  await runIs(tab, 'failed');
});

test('a page in sight needs no notification, and a hidden one has it', async () => {
  const { page, board } = await open(await watched(['notifications']));
  await press(page, 'settings');
  await press(page, 'finish');
  await press(page, 'home');
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(8000);
  // It is claimed by the tab that is seen, which shows nothing.
  await page.evaluate(async (name) => {
    while (!(await navigator.locks.query()).held.some((lock) => lock.name === name)) await new Promise(requestAnimationFrame);
  }, 'baton.notice.faulty-run');
  await page.evaluate(() => hide());
  await startFaulty(board, {}, { id: 'good', name: 'Purchase, as it is' });
  await board.advance(30_000);
  await page.waitForFunction(() => shown.length > 0);
  assert.deepEqual((await shown(page)).map(({ tag }) => tag), ['baton.good-run']);
});

test('what the browser does not allow is said, with the mend', async () => {
  const { page } = await open(await context());
  await page.evaluate(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' });
  });
  await press(page, 'settings');
  assert.equal(await page.locator('[data-notice="permission"]').count(), 0);
  await press(page, 'failure');
  await page.locator('[data-notice="permission"]', { hasText: 'Allow them in the site settings' }).waitFor();
});

/** What a board shows and keeps of one run: its view, its attempts, and their evidence. */
async function everything(board, run) {
  const { run: view } = await board.send({ read_run: { run } });
  const { attempts } = await board.send({ list_attempts: { run } });
  const evidence = [];
  for (const { stage, number } of attempts) {
    evidence.push(await board.send({ read_evidence: { run, stage, attempt: number } }));
  }
  return { view, attempts, evidence };
}

/** Presses the button that exports, and reads the file. */
async function exported(page, name = 'export-all') {
  const download = page.waitForEvent('download');
  await press(page, name);
  const file = await download;
  assert.match(file.suggestedFilename(), /^baton-\d{4}-\d\d-\d\d\.json$/);
  return readFile(await file.path(), 'utf8');
}

const choose = (page, text) =>
  page.locator('[data-action="import-all"]').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
const work = (page, words) => page.locator('[data-work][aria-busy="false"]', { hasText: words }).waitFor();

async function erase(page, what) {
  await press(page, 'erase');
  const dialog = page.locator('[data-dialog="erase"][open]');
  await dialog.locator(`[data-action="${what}"]`).click();
  assert.equal(await dialog.locator('[data-action="yes"]').isDisabled(), true);
  await dialog.locator('[data-action="erase-word"]').fill('erase');
  await dialog.locator('[data-action="yes"]').click();
  await work(page, 'Erased');
}

test('what is exported and erased comes back as it was', async () => {
  const shared = await context();
  const { page, board } = await open(shared);
  await press(page, 'run-sample');
  await board.advance(30_000);
  await runIs(page, 'passed');
  const id = await page.locator('[data-run]').getAttribute('data-run');
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(8000);
  await board.send({ set_secret: { environment: '', name: 'key', value: 'a-value-that-is-secret', origins: ['https://a.example'] } });
  const before = await Promise.all([id, 'faulty-run'].map((run) => everything(board, run)));
  const { page: other } = await open(shared);
  await page.bringToFront();
  await press(page, 'settings');
  await press(page, 'times-utc');
  await page.evaluate(() => localStorage.setItem('baton.editor-view', 'form'));
  await page.locator('[data-action="keep-runs"]').selectOption('30');
  await page.locator('[data-space]', { hasText: /3 chains, 2 runs, \d+ attempts; evidence: \d/ }).waitFor();
  const file = await exported(page);
  assert.doesNotMatch(file, /a-value-that-is-secret/);
  const { baton_export: version, chains, runs, settings, retention } = JSON.parse(file);
  assert.deepEqual([version, chains.length, runs.length], [1, 3, 2]);
  assert.deepEqual([settings, retention], [{ 'baton.times': 'utc', 'baton.editor-view': 'form' }, { runs: 30 }]);

  await erase(page, 'erase-everything');
  await page.locator('[data-action="keep-runs"] option[value=""][selected]').waitFor({ state: 'attached' });
  await other.bringToFront();
  await other.locator('[data-blank="chains"]').waitFor();
  await other.locator('[data-health="times"]', { hasText: 'local' }).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  await page.bringToFront();

  await choose(page, file);
  await work(page, 'Imported');
  const said = page.locator('[data-work]');
  assert.match(await said.textContent(), /Chains: 3 new, 0 the same.*Runs: 2 new, 0 the same.*Settings: 2 new.*How long runs stay was not taken from the file/);
  // A file never has runs that are here removed.
  assert.equal((await board.send({ retain: {} })).retained.policy.runs ?? null, null);
  assert.equal(await page.locator('[data-action="keep-runs"]').inputValue(), '');
  await page.locator('[data-health="times"]', { hasText: 'UTC' }).waitFor();
  const after = await Promise.all([id, 'faulty-run'].map((run) => everything(board, run)));
  assert.deepEqual(after, before);
  // Once more changes nothing, and what differs is named.
  const { document: reply } = await board.send({ read_chain: { chain: 'faulty' } });
  await board.save('faulty', { ...JSON.parse(reply.document), description: 'mine' });
  await choose(page, file);
  await page.locator('[data-work][aria-busy="false"]', { hasText: 'faulty differs; yours was kept' }).waitFor();
  assert.match(await said.textContent(), /Chains: 0 new, 2 the same, 1 different.*Runs: 0 new, 2 the same/);
  await page.reload();
  await ready(page);
  assert.deepEqual(await everything(board, id), before[0]);
});

test('while work is under way nothing else begins, on whatever screen, and it is said why', async () => {
  const { page } = await open(await context());
  // The file is read when the page is told to.
  await page.evaluate(() => {
    const held = new Promise((resolve) => { globalThis.release = resolve; });
    const text = File.prototype.text;
    File.prototype.text = async function () {
      await held;
      return text.call(this);
    };
  });
  await press(page, 'settings');
  await choose(page, '{"some": "thing"}');
  await page.locator('[data-work][aria-busy="true"]').waitFor({ state: 'attached' });
  await press(page, 'home');
  await press(page, 'settings');
  for (const action of ['export-all', 'import-all', 'erase']) {
    const held = page.locator(`[data-action="${action}"][aria-disabled="true"]`);
    assert.equal(await held.getAttribute('title'), 'Wait until what is under way is done.');
  }
  await page.locator('[data-action="erase"]').dispatchEvent('click');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.evaluate(() => release());
  await work(page, 'no export of Baton');
  assert.equal(await page.locator('[data-action="erase"][aria-disabled]').count(), 0);
  // The same file again.
  assert.equal(await page.locator('[data-action="import-all"]').inputValue(), '');
  await press(page, 'erase');
  await page.locator('[data-dialog="erase"][open]').waitFor();
});

test('a file that is no export is refused with its place', async () => {
  const { page } = await open(await context(), '#/settings');
  await choose(page, '{"baton_export": 1,\n "runs": nothing}');
  await work(page, 'line 2, column 1');
  await choose(page, '{"baton_export": 1, "documents": [], "chains": [], "runs": [{"run": "a"}]}');
  await work(page, 'damaged at runs[0].chain');
  await choose(page, '{"some": "thing"}');
  await work(page, 'no export of Baton');
  await page.evaluate(() => {
    File.prototype.text = () => Promise.reject(new Error('the file has changed'));
  });
  await choose(page, '{}');
  await work(page, 'could not be read: the file has changed');
  await page.evaluate(() => Object.defineProperty(File.prototype, 'size', { get: () => 500e6 }));
  await choose(page, '{}');
  await work(page, 'The file has 500 MB; at most 400 are read');
});

test('runs are erased alone, in all tabs, and the open one is cancelled', async () => {
  const { page, board } = await open(await context());
  await press(page, 'run-sample');
  await board.advance(1500);
  await press(page, 'settings');
  await title(page, '◔ 1 live · Settings · Baton');
  // One that begins meanwhile, as by a schedule, goes too.
  const begun = page.locator('[data-work]').evaluate((report) => new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      watch.disconnect();
      resolve(document.querySelector('baton-board').send({ start_run: { run: 'meanwhile', chain: 'sample' } }));
    });
    watch.observe(report, { attributes: true, attributeFilter: ['aria-busy'] });
  }));
  await erase(page, 'erase-runs');
  assert.equal((await begun).refused, undefined);
  await title(page, 'Settings · Baton');
  await assert.rejects(board.send({ read_run: { run: 'meanwhile' } }), /unknown_run/);
  await press(page, 'home');
  await page.locator('[data-chain="sample"]').waitFor();
});

test('evidence goes before the store is full, and the run with its verdicts stays', async () => {
  const context = await at.profile({ locale: 'en' });
  const { page, board } = await open(context);
  await press(page, 'run-sample');
  await board.advance(30_000);
  await runIs(page, 'passed');
  const run = await page.locator('[data-run]').getAttribute('data-run');
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(8000);
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: Math.ceil(usage * 1.1) });
  await page.reload();
  await ready(page);
  await page.waitForFunction(async (run) => {
    const answer = await document.querySelector('baton-board').send({ read_evidence: { run, stage: 0, attempt: 1 } });
    return answer.refused === 'no_evidence';
  }, run, { polling: 200 });
  await runIs(page, 'passed');
  // The space is the whole origin's, so at most half of the evidence goes at once.
  assert.ok(await board.send({ read_evidence: { run: 'faulty-run', stage: 0, attempt: 1 } }));
  assert.ok((await board.send({ list_attempts: { run } })).attempts.length > 3);
});
