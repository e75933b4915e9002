// Inside another page: the board keeps to its shadow root, in style, address, title and keys.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { openPage, ready, shared } from './support.mjs';

const at = shared();
let context;

beforeEach(async () => {
  context = await at.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  at.each.add(() => context.close());
});

/** How a page's own heading and body look, and where it stands. */
function outside(page) {
  return page.evaluate(() => {
    const { font, color, backgroundColor } = getComputedStyle(document.body);
    const heading = getComputedStyle(document.querySelector('h1, h2'));
    return { font, color, backgroundColor, heading: [heading.font, heading.color], hash: location.hash, title: document.title };
  });
}

test('a dashboard page shows the board and stays as it is', async () => {
  const bare = await openPage(context);
  await context.route(/element\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: 'export {}' }));
  await bare.page.goto(`${at.server.url}/embed.html`);
  const without = await outside(bare.page);
  await bare.page.close();
  await context.unroute(/element\.js$/);

  const { page, check } = await openPage(context);
  await page.goto(`${at.server.url}/embed.html`);
  const board = await ready(page);
  assert.deepEqual(await outside(page), without, 'nothing of the board leaks out');
  const seen = await page.evaluate(() => {
    const seen = [];
    for (const name of ['baton-run-start', 'baton-stage-change', 'baton-attempt', 'baton-run-end']) {
      document.addEventListener(name, (event) => {
        if (!seen.includes(name)) seen.push(name);
        if (name === 'baton-run-end') window.ended = { seen, detail: event.detail, composed: event.composed };
      });
    }
    return seen.length;
  });
  assert.equal(seen, 0);
  const chain = await page.evaluate(() => document.querySelector('baton-board').shadowRoot.querySelector('[data-chain], [data-run]')?.dataset.chain ?? 'sample');
  await board.start('embedded-run', chain);
  const ended = await (await page.waitForFunction(() => window.ended)).jsonValue();
  assert.deepEqual(ended.seen.toSorted(), ['baton-attempt', 'baton-run-end', 'baton-run-start', 'baton-stage-change']);
  assert.equal(ended.composed, true);
  assert.deepEqual(await outside(page), without, 'address and title are the page\'s own');
  check();
});

test('moving the element keeps its run, removing it ends its worker', async () => {
  const { page, check } = await openPage(context);
  await page.goto(`${at.server.url}/embed.html`);
  await ready(page);
  assert.equal(page.workers().length, 1);
  await page.evaluate(() => document.body.append(document.querySelector('baton-board')));
  await ready(page);
  assert.equal(page.workers().length, 1, 'a move starts nothing anew');
  const closed = page.workers()[0].waitForEvent('close');
  await page.evaluate(() => document.querySelector('baton-board').remove());
  await closed;
  assert.equal(page.workers().length, 0);
  check();
});

test('two boards of a page tell times alike, and say so, whichever was chosen at', async () => {
  const { page, check } = await openPage(context);
  await page.goto(`${at.server.url}/embed.html`);
  await ready(page);
  await page.evaluate(() => {
    const other = document.querySelector('baton-board').cloneNode();
    other.removeAttribute('locale');
    document.body.append(other);
  });
  const boards = [0, 1].map((which) => page.locator('baton-board').nth(which));
  for (const board of boards) await board.locator('[data-action="settings"]').click();
  const all = async (action, words) => {
    for (const board of boards) {
      await board.locator(`[data-action="${action}"][aria-pressed="true"]`).waitFor();
      await board.locator('[data-health="times"]', { hasText: words }).waitFor();
    }
  };
  await all('times-local', 'local');
  await boards[0].locator('[data-action="times-utc"]').click();
  await all('times-utc', 'in UTC');
  // Another choice at the other one leaves it.
  await boards[1].locator('[data-action="locale-zh"]').click();
  await boards[1].locator('.baton[lang="zh-CN"]').waitFor();
  await all('times-utc', /in UTC|时间为 UTC/);
  await boards[1].locator('[data-action="times-local"]').click();
  await all('times-local', /local|本地/);
  check();
});

test('what can not be done is said, not ignored', async () => {
  const { page } = await openPage(context);
  await page.goto(`${at.server.url}/embed.html`);
  const message = await page.evaluate(async () => {
    const { mount } = await import('./embed.js');
    return mount(document.body, { colour: 'red' }).then(() => 'mounted', (error) => error.message);
  });
  assert.match(message, /colour/);
});
