// As `serve` leaves it: real clocks, the pipeline on a port of its own, real CORS. From an empty profile
// both shipped chains pass, one click each.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cleanup, launchBrowser, openPage, startServer } from './support.mjs';

/** The pipeline's own delays take twelve seconds; this is only where a broken run ends. */
const LONG = { timeout: 90_000 };

test('both shipped chains pass as they are served', async () => {
  const steps = cleanup();
  try {
    const server = await startServer({ withPipeline: true });
    steps.add(() => server.stop());
    const browser = await launchBrowser();
    steps.add(() => browser.close());
    const { page, check } = await openPage(await browser.newContext({ locale: 'en-GB' }));
    await page.goto(server.url);
    await page.locator('[data-action="run-sample"]').click();
    await page.locator('[data-screen="run"]').waitFor();
    await page.locator('[data-action="home"]').click();
    await page.locator('[data-chain="http-pipeline"] [data-action="start"]').click();
    for (const chain of ['sample', 'http-pipeline']) {
      await page.locator(`[data-chain="${chain}"][data-status="passed"]`).waitFor(LONG);
    }
    const log = await (await fetch(`${server.pipeline}/_control/log`)).json();
    const sent = log.filter((entry) => entry.path === '/events' && entry.method === 'POST');
    assert.equal(sent.length, 1, 'the sample has no need of the network, the other chain sent once');
    assert.equal(sent[0].origin, server.url, 'another origin, so CORS is real');
    check();
  } finally {
    await steps.run();
  }
});
