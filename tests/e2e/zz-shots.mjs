import { openPage, ready, launchBrowser, startServer, violationsOf } from './support.mjs';
const browser = await launchBrowser();
const server = await startServer();
const what = process.argv[2] ?? 'all';
for (const [w, locale, scheme] of [[1280,'en-GB','light'],[360,'zh-CN','dark'],[360,'en-GB','light'],[1280,'zh-CN','dark']]) {
  const context = await browser.newContext({ locale, colorScheme: scheme, viewport: { width: w, height: 900 } });
  const { page } = await openPage(context);
  page.on('console', (m) => m.type() === 'error' && console.log(m.text()));
  await page.goto(server.url + '/#/chains/http-pipeline/edit');
  await ready(page);
  await page.locator('[data-view="form"]').click();
  await page.locator('[data-check-state]').first().waitFor();
  await page.waitForTimeout(500);
  const name = `${w}-${locale}`;
  await page.screenshot({ path: `/tmp/formshots/${name}-chain.png`, fullPage: true });
  await page.locator('[data-step="stages[3]"]').click();
  await page.waitForTimeout(200);
  await page.screenshot({ path: `/tmp/formshots/${name}-stage.png`, fullPage: true });
  await page.locator('[data-step="stages[0]"]').click();
  await page.waitForTimeout(200);
  await page.screenshot({ path: `/tmp/formshots/${name}-send.png`, fullPage: true });
  console.log(name, await violationsOf(page));
  await page.locator('[data-action="add-stage"]').click();
  await page.waitForTimeout(200);
  await page.screenshot({ path: `/tmp/formshots/${name}-add.png`, fullPage: true });
  await context.close();
}
await browser.close(); await server.stop();
process.exit(0);
