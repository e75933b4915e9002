// What builds a trigger, in the editor's form: its fields, its words, its next starts, and what is wrong at a field.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { shared } from './support.mjs';


const at = shared();

const DOCUMENT = `{
  "baton": 1, "name": "Nightly",   "x-team": "qa",
  "stages": [{"name": "First", "request": {"url": "demo:///micro/all"},
    "checks": [{"source": "status", "op": "equals", "value": 200}]}]
}
`;

/** The form of a chain without a schedule, where it is noon in London. */
async function open(locale = 'en-GB') {
  const context = await at.profile({ locale, timezoneId: 'Europe/London', viewport: { width: 1280, height: 900 } });
  const { page, check, board } = await at.open('', { context });
  await board.save('nightly', DOCUMENT);
  await page.goto(`${at.server.url}/#/chains/nightly/edit`);
  await page.locator('[data-view="form"]').click();
  const kind = page.locator('[data-action="trigger-kind"]');
  await kind.waitFor();
  const field = (name) => page.locator(`[data-field="${name}"]`);
  const fires = () => page.locator('[data-fire]').evaluateAll((all) => all.map((one) => one.dataset.fire));
  const schedule = async () => {
    await page.locator('[data-view="json"]').click();
    const text = await page.locator('[data-action="document"]').inputValue();
    await page.locator('[data-view="form"]').click();
    assert.ok(text.includes('"x-team": "qa"') && text.includes('"Nightly",   "x-team"'), 'all else is left as it was written');
    return JSON.parse(text).schedule;
  };
  return { page, check, board, kind, field, fires, schedule };
}

test('a schedule is built without writing JSON, and says when it starts next', async () => {
  const { page, check, kind, field, fires, schedule } = await open();
  assert.equal(await kind.inputValue(), '', 'there is none');
  await kind.selectOption('times');
  await page.locator('[data-words]').getByText('weekdays at 09:00, Europe/London').waitFor();
  await field('times').fill('13:30, 9:30');
  await page.locator('[data-fire="2026-11-23T13:30:00Z"]').waitFor();
  await page.locator('[data-weekday="4"]').uncheck();
  await field('timezone').fill('Asia/Shanghai');
  await page.locator('[data-words]').getByText(/Asia\/Shanghai$/).waitFor();
  await page.locator('[data-fire="2026-11-24T01:30:00Z"]').getByText('Tue 24 Nov, 09:30:00').waitFor();
  await page.locator('[data-fire="2026-11-24T01:30:00Z"] [data-here]').getByText('Tue 24 Nov, 01:30:00').waitFor();
  assert.deepEqual((await fires()).slice(-2), ['2026-11-25T05:30:00Z', '2026-11-26T01:30:00Z']);
  assert.deepEqual(await schedule(), {
    type: 'cron', day_of_week: 'mon-thu', hour: '9,13', minute: 30, timezone: 'Asia/Shanghai',
  });
  await page.locator('[data-action="save"]').click();
  await page.locator('[data-dirty="false"]').waitFor();

  await kind.selectOption('every');
  await field('minutes').fill('');
  await field('seconds').fill('58');
  await page.locator('[data-words]').getByText('every 58 s').waitFor();
  assert.deepEqual(await schedule(), { type: 'interval', timezone: 'Asia/Shanghai', seconds: 58 });
  await kind.selectOption('');
  await page.locator('[data-words]').waitFor({ state: 'detached' });
  assert.equal(await schedule(), undefined);
  check();
});

test('what is wrong with a trigger stands at its field, and what was right before is kept', async () => {
  const { page, check, kind, field, schedule } = await open();
  await kind.selectOption('times');
  const wrong = (name) => page.locator(`[data-wrong="${name}"]:not(:empty)`);
  await field('times').fill('9:30, 10:45');
  await wrong('times').getByText(/share their minutes/).waitFor();
  assert.equal(await field('times').getAttribute('aria-invalid'), 'true');
  assert.equal((await schedule()).hour, 9);
  await field('timezone').fill('Mars/Base');
  await wrong('timezone').getByText(/Mars\/Base/).waitFor();
  await field('timezone').fill('');
  await wrong('timezone').waitFor({ state: 'hidden' });
  await kind.selectOption('cron');
  await field('hour').fill('25');
  await wrong('hour').getByText(/0 to 23/).waitFor();
  await kind.selectOption('crontab');
  await field('expression').fill('61 * * * *');
  await wrong('expression').waitFor();
  check();
});

test('what is wrong where no field is drawn is said below, and closed bounds open for it', async () => {
  const { page, check, kind } = await open();
  await kind.selectOption('every');
  const json = page.locator('[data-path="schedule"]');
  await page.locator('[data-part="schedule"] details').last().evaluate((more) => { more.open = true; });
  await json.fill('{"type": "interval", "minutes": 15, "hour": 9}');
  await json.blur();
  await page.locator('.trigger-told [data-wrong]').getByText(/hour/).waitFor();
  const bounds = page.locator('.trigger-fields details');
  assert.equal(await bounds.evaluate((one) => one.open), false);
  await json.fill('{"type": "interval", "minutes": 15, "start_date": "soon"}');
  await json.blur();
  await page.locator('[data-wrong="start_date"]:not(:empty)').waitFor();
  assert.equal(await bounds.evaluate((one) => one.open), true);
  assert.equal(await page.locator('.trigger-told [data-wrong]').count(), 0);
  check();
});

test('a trigger of others is shown in words and kept, and edited as JSON', async () => {
  const { page, check, kind } = await open('zh-CN');
  await kind.selectOption('date');
  await page.locator('[data-part="schedule"] details').last().evaluate((more) => { more.open = true; });
  const json = page.locator('[data-path="schedule"]');
  await json.fill('{"type": "or", "triggers": [{"type": "cron", "hour": 9}, {"type": "cron", "hour": 18}]}');
  await page.locator('[data-words]').getByText(/09:00/).waitFor();
  assert.equal(await kind.inputValue(), 'combined');
  assert.equal(await page.locator('[data-field]').count(), 0);
  check();
});
