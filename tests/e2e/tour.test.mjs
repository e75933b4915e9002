// The way of a new user, from an empty profile to a report in hand: watch the sample, make a chain of one's own, see
// it fail, find out why, mend it, compare, export. In both languages, and by what is on the screen alone.

import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';

import { openPage, ready, runIs, shared, stageIs, stageStatuses, violationsOf } from './support.mjs';

const END_TO_END = 20_000;
const AMOUNT = 'stages[3].checks[3].value';

/** What a newcomer reads on the way. */
const WORDS = {
  en: {
    browser: 'en-GB', own: 'My own purchase', rule: /alike as decimal|decimal/i, wrong: /amount is 19\.9\d*, expected "?21"?/,
    mended: /failed, now passed/i, history: 'History', settings: 'Settings',
  },
  'zh-CN': {
    browser: 'zh-CN', own: '我的订单链路', rule: /小数|decimal/i, wrong: /19\.9\d*.*21/,
    mended: /原为失败|现已通过|通过/, history: '历史', settings: '设置',
  },
};

const at = shared();

for (const [locale, words] of Object.entries(WORDS)) {
  test(`a new user's way, from an empty profile to a report: ${locale}`, async () => {
    // The language is the browser's.
    const context = await at.profile({
      locale: words.browser, viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Shanghai', acceptDownloads: true,
    });
    const { page, check } = await openPage(context);
    const field = (path) => page.locator(`[data-part="form"] [data-path="${path}"]:is(input, select, textarea)`);
    const press = (name) => page.locator(`[data-action="${name}"]:visible`).first().click();
    const form = async () => {
      await page.locator('[data-screen="editor"]').waitFor();
      const folded = page.locator('[data-view="form"][aria-selected="false"]');
      if (await folded.count()) await folded.click();
    };
    /** Has the cleaned table need this amount, and runs the chain to its end. */
    const runWith = async (amount, end) => {
      await page.locator('[data-step="stages[3]"]').click();
      await field(AMOUNT).fill(amount);
      await page.locator('[data-check-state="valid"]').waitFor();
      await press('save-and-run');
      await page.locator('[data-screen="run"][data-status="running"]').waitFor();
      await board.advance(END_TO_END);
      await runIs(page, end);
    };

    // A first visit: one thing to do.
    await page.goto(at.server.url);
    const board = await ready(page);
    await page.locator(`.baton[lang="${locale}"]`).waitFor();
    await press('run-sample');
    await board.advance(4_500);
    await stageIs(page, 3, 'waiting');
    assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'passed', 'waiting', 'not_started']);
    await board.advance(END_TO_END);
    await runIs(page, 'passed');

    // What was seen: a cell has both values and the rule.
    await page.locator('[data-field="amount"] [data-action="open-cell"]').last().click();
    assert.match(await page.locator('[data-cell-detail] [data-rule]').innerText(), words.rule);

    // A chain of one's own, from the sample, by the form; with a mistake in it.
    await press('copy-sample');
    await form();
    await page.locator('[data-step="chain"]').click();
    await field('name').fill(words.own);
    await runWith('21', 'failed');
    assert.deepEqual(await stageStatuses(page), ['passed', 'passed', 'passed', 'failed', 'not_started']);

    // Why: the sentence, and the very value in the answer.
    assert.match(await page.locator('[data-stage="3"] .stage-why').innerText(), words.wrong);
    const wrong = page.locator('[data-stage="3"] [data-paper="response"] .leaf[data-status="failed"]');
    await wrong.waitFor();
    assert.match(await wrong.innerText(), /"amount": 19\.90?/);
    assert.deepEqual(await violationsOf(page), []);

    // Mended, and run again.
    await press('edit');
    await form();
    await runWith('{{amount}}', 'passed');

    // Looking back: what has changed between the two.
    await press('compare-previous');
    await page.locator('[data-changes]').waitFor();
    assert.match((await page.locator('[data-change]').allInnerTexts()).join('\n'), words.mended);
    await press('to-history');
    await page.locator('[data-screen="history"] [data-screen-title]', { hasText: words.history }).waitFor();
    assert.equal(await page.locator('[data-run-row]').count(), 3);
    await page.locator('[data-run-row] [data-action="open-run"]').first().click();
    await runIs(page, 'passed');

    // A report for others: read by machines, and by people without any network.
    const saved = async (format) => {
      if (!(await page.locator(`[data-action="export-${format}"]`).isVisible())) await press('export');
      const [download] = await Promise.all([page.waitForEvent('download'), press(`export-${format}`)]);
      return { name: download.suggestedFilename(), path: await download.path() };
    };
    const junit = await saved('junit');
    assert.match(junit.name, /\.junit\.xml$/);
    const xml = await readFile(junit.path, 'utf8');
    assert.match(xml, new RegExp(`<testsuite[^>]*name="${words.own}"[^>]*tests="5"[^>]*failures="0"`));
    const html = await saved('html');
    const elsewhere = await at.browser.newContext({ locale: words.browser });
    at.each.add(() => elsewhere.close());
    const { page: replay, check: checkReplay } = await openPage(elsewhere);
    const copy = `${html.path}.html`;
    await copyFile(html.path, copy);
    await replay.goto(pathToFileURL(copy).href);
    await runIs(replay, 'passed');
    assert.match(await replay.locator('[data-screen-title]').first().innerText(), new RegExp(words.own));
    checkReplay();

    // And the settings, where the language could be changed.
    await press('settings');
    await page.locator('[data-screen="settings"] [data-screen-title]', { hasText: words.settings }).waitFor();
    check();
  });
}
