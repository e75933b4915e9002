// The screens for those who use no mouse, no eyes, no motion, other colours or great magnification. What axe
// finds of itself is in screens.test.mjs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runIs, shared, stageIs, startFaulty, tabTo, violationsOf } from './support.mjs';

/** 1280 px at 400 %, as WCAG 1.4.10 has it. */
const AT_400_PERCENT = { width: 320, height: 256 };

const at = shared();

async function opened({ locale = 'en', ...options } = {}) {
  return at.open('', { context: await at.profile(options, `locale="${locale}"`) });
}

/** Waits until a new screen's heading has the focus, from where one goes on. */
const headingHasFocus = (page) => page.waitForFunction(
  () => document.activeElement?.shadowRoot?.activeElement?.hasAttribute('data-screen-title'),
);

/** Whether what has the focus shows it, and is not covered. */
const ring = (page) => page.evaluate(() => {
  const element = document.activeElement.shadowRoot.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const seen = document.activeElement.shadowRoot.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    ring: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    seen: element === seen || element.contains(seen) || Boolean(seen?.contains(element)),
  };
});

test('a chain is run, looked into, edited and run again with the keyboard alone', async () => {
  const { page, board, check } = await opened();
  await tabTo(page, '[data-action="run-sample"]');
  assert.deepEqual(await ring(page), { ring: true, seen: true });
  await page.keyboard.press('Enter');
  await page.locator('[data-screen="run"]').waitFor();
  await board.advance(20_000);
  await runIs(page, 'passed');
  await headingHasFocus(page);
  // Evidence: the stage is unfolded, then its attempt.
  await tabTo(page, '[data-action="open-cell"]');
  assert.deepEqual(await ring(page), { ring: true, seen: true });
  await page.keyboard.press('Enter');
  await page.locator('[data-cell-detail]').waitFor();
  await tabTo(page, '[data-action="fold"]');
  await page.keyboard.press('Enter');
  await tabTo(page, '[data-action="open-attempt"]');
  await page.keyboard.press('Enter');
  await page.locator('[data-paper="response"]').first().waitFor();
  // The way to the editor lies above: back by the same key.
  await tabTo(page, '[data-action="edit"]', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-screen="editor"] [data-check-state="valid"]').waitFor();
  await headingHasFocus(page);
  await tabTo(page, '[data-action="save-and-run"]');
  await page.keyboard.press('Enter');
  await page.locator('[data-screen="run"][data-status="running"]').waitFor();
  check();
});

test('while polling goes on only stages are said, together and not more often than every two seconds', async () => {
  const { page, board, check } = await opened();
  await page.evaluate(() => {
    const root = document.querySelector('baton-board').shadowRoot;
    globalThis.said = { polite: [], assertive: [] };
    for (const name of ['polite', 'assertive']) {
      const ears = root.querySelector(`[data-ears="${name}"]`);
      new MutationObserver(() => globalThis.said[name].push(ears.textContent))
        .observe(ears, { childList: true, characterData: true, subtree: true });
    }
  });
  await page.locator('[data-action="run-sample"]').click();
  await board.advance(20_000);
  await runIs(page, 'passed');
  const said = await page.evaluate(() => globalThis.said);
  assert.ok(said.polite.length <= 2, `five stages within moments are said together: ${said.polite.join(' | ')}`);
  assert.match(said.polite[0], /^Purchase reaches the report: Send passed/);
  for (const sentence of said.polite) assert.doesNotMatch(sentence, /not yet|next|\d\d:\d\d/i);
  assert.deepEqual(said.assertive, []);
  const live = await page.evaluate(() => {
    const root = document.querySelector('baton-board').shadowRoot;
    return [...root.querySelectorAll('[aria-live], [role="log"], [role="timer"]')]
      .filter((element) => element.getAttribute('aria-live') !== 'off').map((element) => element.outerHTML.slice(0, 80));
  });
  assert.deepEqual(live, [], 'countdowns and attempts are not live');
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  await page.waitForFunction(() => globalThis.said.assertive.length > 0);
  const [loud] = await page.evaluate(() => globalThis.said.assertive);
  assert.match(loud, /^Purchase, changed on the way: failed.*Cleaned table.*amount is 20, expected "19.90"/i);
  check();
});

test('what a screen reader reads of a run has names, headings and a table', async () => {
  const { page, board, check } = await opened();
  await page.locator('[data-action="run-sample"]').click();
  await board.advance(4_500);
  await stageIs(page, 3, 'waiting');
  const tree = await page.locator('baton-board').ariaSnapshot();
  for (const part of [
    /banner/, /main/, /contentinfo "Engine"/,
    /heading "Purchase reaches the report" \[level=2\]/,
    /table/, /columnheader/, /rowheader/,
    /heading "Cleaned table" \[level=3\]/,
    /button "Pause/, /link "Edit/,
  ]) assert.match(tree, part);
  assert.doesNotMatch(tree, /(button|link|combobox|textbox|checkbox)( \[[^\]]*\])*:?$/m, 'everything that can be used has a name');
  check();
});

test('on every screen all that can be used has a name', async () => {
  const { page, board, check } = await opened();
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  for (const place of ['#/', '#/runs/faulty-run', '#/chains/new', '#/chains/sample/edit', '#/history', '#/settings']) {
    await page.goto(`${at.server.url}/${place}`);
    await page.locator('[data-screen]').waitFor();
    const nameless = await page.evaluate(() => {
      const root = document.querySelector('baton-board').shadowRoot;
      const name = (element) => element.getAttribute('aria-label') || element.labels?.[0]?.innerText || element.innerText
        || (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => root.getElementById(id)?.innerText ?? '').join('')
        || element.closest('label')?.innerText;
      return [...root.querySelectorAll('button, a, input, select, textarea, summary, [role="button"]')]
        .filter((element) => element.checkVisibility() && !name(element)?.trim())
        .map((element) => element.outerHTML.slice(0, 120));
    });
    assert.deepEqual(nameless, [], place);
  }
  check();
});

test('nothing moves for those who want no motion', async () => {
  const moving = (page) => page.evaluate(() => document.querySelector('baton-board').shadowRoot.getAnimations()
    .filter((animation) => animation.playState === 'running').length);
  const still = await opened({ reducedMotion: 'reduce' });
  await still.page.locator('[data-action="run-sample"]').click();
  await still.board.advance(4_500);
  await stageIs(still.page, 3, 'waiting');
  assert.equal(await moving(still.page), 0);
  still.check();
  const lively = await opened();
  await lively.page.locator('[data-action="run-sample"]').click();
  await lively.board.advance(4_500);
  await stageIs(lively.page, 3, 'waiting');
  assert.ok(await moving(lively.page) > 0, 'for all others what waits is seen to wait');
});

test('in forced colours every status is still told apart, and axe has nothing to say', async () => {
  const { page, board, check } = await opened({ forcedColors: 'active' });
  await startFaulty(board, { cleaned: ['rounded'] });
  await board.advance(20_000);
  await page.goto(`${at.server.url}/#/runs/faulty-run`);
  await runIs(page, 'failed');
  const shapes = await page.evaluate(() => {
    const root = document.querySelector('baton-board').shadowRoot;
    const stages = [...root.querySelectorAll('[data-stage]')];
    return stages.map((stage) => {
      const mark = stage.querySelector('.mark');
      const { fill, stroke } = getComputedStyle(mark.querySelector('svg *'));
      const canvas = getComputedStyle(root.querySelector('.baton')).backgroundColor;
      return { status: stage.dataset.status, figure: mark.innerHTML, seen: [fill, stroke].some((paint) => paint !== 'none' && paint !== canvas) };
    });
  });
  assert.ok(shapes.every(({ seen }) => seen), JSON.stringify(shapes));
  const figures = new Map(shapes.map(({ status, figure }) => [status, figure]));
  assert.equal(new Set(figures.values()).size, figures.size, 'each status has a shape of its own');
  assert.ok(figures.size >= 3);
  assert.deepEqual(await violationsOf(page), []);
  check();
});

for (const locale of ['en', 'zh-CN']) {
  test(`at 400 % every screen is read by scrolling down only: ${locale}`, async () => {
    const { page, board, check } = await opened({ locale, viewport: AT_400_PERCENT });
    await startFaulty(board, { cleaned: ['rounded'] });
    await board.advance(20_000);
    for (const place of ['#/', '#/runs/faulty-run', '#/chains/sample/edit', '#/history', '#/settings']) {
      await page.goto(`${at.server.url}/${place}`);
      await page.locator('[data-screen]').waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${place} is ${wide} px too wide`);
      // What sticks leaves most of the little height to what is read.
      const stuck = await page.evaluate(() => {
        const root = document.querySelector('baton-board').shadowRoot;
        return [...root.querySelectorAll('*')]
          .filter((element) => ['fixed', 'sticky'].includes(getComputedStyle(element).position) && element.checkVisibility())
          .map((element) => element.getBoundingClientRect()).filter(({ width, height, top, bottom }) => width > innerWidth / 2 && bottom > 0 && top < innerHeight && height > innerHeight / 2).length;
      });
      assert.equal(stuck, 0, place);
    }
    check();
  });
}
