// scheduler.html, the page that schedules by itself: what a user does there, in both languages, in light
// and dark, on a phone too.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage, shared, violationsOf } from './support.mjs';

const at = shared();

async function open(options) {
  const context = await at.browser.newContext(options);
  at.each.add(() => context.close());
  const opened = await openPage(context);
  await opened.page.goto(`${at.server.url}/scheduler.html`);
  await opened.page.locator('[data-job="refresh"]').waitFor();
  return opened;
}

function job(page, id) {
  const row = page.locator(`[data-job="${id}"]`);
  return { row, press: (action) => row.locator(`[data-action="${action}"]`).click(), is: (state) => page.locator(`[data-job="${id}"][data-state="${state}"]`).waitFor() };
}

test('a job is added, paused, run, explained and removed, and is there after a reload', async () => {
  const { page, check } = await open({ locale: 'en-GB' });
  await page.locator('[name="rule"]').fill('nonsense');
  await page.locator('#preview.wrong').waitFor();
  await page.locator('[name="kind"]').selectOption('crontab');
  await page.locator('#preview:not(.wrong)').filter({ hasText: '2' }).waitFor();
  await page.locator('[name="id"]').fill('report');
  await page.locator('#add button').click();
  const report = job(page, 'report');
  await report.is('waiting');
  await report.press('pause');
  await report.is('paused');
  await report.press('explain');
  await page.locator('#log li').filter({ hasText: 'It is paused' }).waitFor();
  await report.press('resume');
  await report.is('waiting');
  await report.press('run');
  await page.locator('#log li').filter({ hasText: 'job_executed' }).filter({ hasText: 'report' }).waitFor();
  await page.reload();
  await report.row.waitFor();
  await report.press('run');
  await page.locator('#log li').filter({ hasText: 'job_executed' }).filter({ hasText: 'report' }).waitFor();
  await report.press('remove');
  await report.row.waitFor({ state: 'detached' });
  await page.locator('#hold').click();
  await page.locator('#log li').filter({ hasText: 'scheduler_paused' }).waitFor();
  check();
});

for (const [locale, colorScheme, width] of [['en-GB', 'light', 1280], ['zh-CN', 'dark', 360]]) {
  test(`the page is readable: ${locale}, ${colorScheme}, ${width} px`, async () => {
    const { page, check } = await open({ locale, colorScheme, viewport: { width, height: 800 } });
    await page.locator('#log li').first().waitFor();
    await page.locator('#preview').filter({ hasText: /\d/ }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing is cut off');
    assert.equal(await page.evaluate(() => document.documentElement.lang), locale === 'zh-CN' ? 'zh-CN' : 'en');
    assert.deepEqual(await violationsOf(page), []);
    check();
  });
}
