// The scheduler's link to its worker, when messages are lost, late or doubled: here the worker is played by
// the scenario.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { openPage, shared } from './support.mjs';
import { call, servePlainPage, startScheduler, told } from './scheduler-support.mjs';

const at = shared();
let context;

beforeEach(async () => {
  context = await at.browser.newContext({ locale: 'en-GB' });
  at.each.add(() => context.close());
  await servePlainPage(context);
});

/** In place of workers: keeps what is sent to them, and says what the scenario has them say. */
function playWorkers() {
  const workers = [];
  class Played {
    sent = [];
    constructor() {
      workers.push(this);
    }
    postMessage(text) {
      this.sent.push(JSON.parse(text));
    }
    terminate() {
      this.isGone = true;
    }
  }
  window.Worker = Played;
  window.played = {
    workers,
    say: (message) => workers.at(-1).onmessage({ data: JSON.stringify(message) }),
    event(epoch, seq, event) {
      this.say({ event: { version: 1, epoch, seq, at: 1000, event } });
    },
    /** The commands of the last worker with this tag, and the ids they were sent with. */
    commands: (tag) =>
      workers.at(-1).sent.flatMap(({ command: order }) => {
        const command = order?.command?.jobs?.command ?? order?.command;
        if (typeof command === 'string') return command === tag ? [{ id: order.id }] : [];
        return command && tag in command ? [{ id: order.id, ...command[tag] }] : [];
      }),
    client: () => workers.at(-1).sent[0].start.client,
  };
}

const SNAPSHOT = { snapshot: { chains: [], runs: [], health: { quarantined: 0, clock_generation: 0, standby: false } } };

function fire(number, job = 'j') {
  return { job, generation: 0, scheduled_at: number * 1000, number, cause: 'schedule' };
}

/** A page whose scheduler has started with an engine of epoch 5, at 1, and has bound `j`. */
async function open() {
  const { page, check } = await openPage(context);
  await page.clock.install();
  await page.addInitScript(playWorkers);
  await page.goto(`${at.server.url}/plain.html`);
  const started = startScheduler(page, {});
  const engine = {
    event: (epoch, seq, event) => page.evaluate(([epoch, seq, event]) => window.played.event(epoch, seq, event), [epoch, seq, event]),
    say: (message) => page.evaluate((message) => window.played.say(message), message),
    sent: (tag) => page.evaluate((tag) => window.played.commands(tag), tag),
    workers: () => page.evaluate(() => window.played.workers.length),
    client: await page.waitForFunction(() => window.played?.workers[0]?.sent.length && window.played.client()).then((it) => it.jsonValue()),
  };
  await engine.say({ role: 'leader' });
  await engine.event(5, 1, SNAPSHOT);
  await started;
  const [{ id }] = await engine.sent('resume');
  await engine.event(5, 2, { done: { id, reply: 'ok' } });
  // Its answer is not awaited here.
  await page.evaluate(() => void window.scheduler.bind('j', window.works.waits));
  const [bind] = await engine.sent('bind');
  assert.deepEqual(bind.jobs, ['j']);
  await engine.event(5, 3, { done: { id: bind.id, reply: 'ok' } });
  const submitted = (numbers, client = engine.client) => ({ jobs: [{ submitted: { fires: listOf(numbers.map((number) => fire(number))), client, timeout_ms: 1000 } }] });
  return { page, check, engine, submitted };
}

/** Fires in columns, as the engine tells them. */
function listOf(fires) {
  const runs = (values) => values.flatMap((value) => [value, 1]);
  return {
    generation: fires[0].generation,
    cause: fires[0].cause,
    jobs: fires.map(({ job }) => job),
    scheduled_at: runs(fires.map(({ scheduled_at: scheduled }) => scheduled)),
    numbers: runs(fires.map(({ number }) => number)),
  };
}

function begun(page) {
  return page.evaluate(() => window.fires.map(({ number }) => number));
}

test('a fire that is handed over twice is begun once, and those of other pages not at all', async () => {
  const { page, check, engine, submitted } = await open();
  await engine.event(5, 4, submitted([1, 2]));
  await engine.event(5, 5, submitted([2, 3]));
  await engine.event(5, 6, submitted([4], 'another'));
  await engine.event(5, 6, submitted([5]));
  assert.deepEqual(await begun(page), [1, 2, 3]);
  check();
});

test('ends are reported together, and again until they are known', async () => {
  const { page, check, engine, submitted } = await open();
  await page.evaluate(() => void window.scheduler.bind('j', ({ number }) => { if (number === 2) throw new Error('no'); }));
  await engine.event(5, 4, submitted([1, 2, 3]));
  await page.waitForFunction(() => window.played.commands('ended').length === 1);
  const [first] = await engine.sent('ended');
  assert.deepEqual(first.ends.map(({ fires: { jobs, numbers }, error }) => [jobs, numbers, error]), [
    [['j', 'j'], [1, 1, 3, 1], null],
    [['j'], [2, 1], 'no'],
  ]);
  // Another engine: it hears of them before it hears of anything else.
  await engine.event(6, 1, SNAPSHOT);
  const resume = (await engine.sent('resume')).at(-1);
  assert.deepEqual(resume.executing.map(({ number }) => number), [1, 2, 3]);
  assert.deepEqual(resume.jobs, ['j']);
  const again = (await engine.sent('ended')).at(-1);
  assert.equal(again.id, first.id);
  await engine.event(6, 2, { done: { id: first.id, reply: 'ok' } });
  await engine.event(7, 1, SNAPSHOT);
  assert.deepEqual((await engine.sent('resume')).at(-1).executing, []);
  check();
});

test('after a gap nothing new is begun before the engine has said what it takes this page to be at', async () => {
  const { page, check, engine, submitted } = await open();
  await engine.event(5, 4, submitted([1]));
  const subscribed = (await engine.sent('subscribe')).length;
  // Event 5 is lost; it may have handed over 2 and 3.
  await engine.event(5, 6, submitted([4, 5]));
  assert.deepEqual(await begun(page), [1]);
  assert.equal((await engine.sent('subscribe')).length, subscribed + 1);
  const resume = (await engine.sent('resume')).at(-1);
  assert.deepEqual(resume.executing.map(({ number }) => number), [1]);
  const abandoned = [2, 3, 4].map((number) => ({ ended: { fires: listOf([fire(number)]), outcome: 'abandoned' } }));
  await engine.event(5, 7, { jobs: abandoned });
  await engine.event(5, 8, { done: { id: resume.id, reply: 'ok' } });
  await page.waitForFunction(() => window.fires.length === 2);
  assert.deepEqual(await begun(page), [1, 5], 'what was abandoned meanwhile is not begun');
  check();
});

test('a command without an answer is sent again, ever more seldom', async () => {
  const { page, check, engine } = await open();
  const jobs = page.evaluate(() => window.scheduler.jobs());
  const count = async () => (await engine.sent('list')).length;
  const counts = [];
  for (const seconds of [1, 2, 3, 2, 8]) {
    await page.clock.runFor(seconds * 1000);
    counts.push(await count());
  }
  assert.deepEqual(counts, [1, 2, 2, 3, 4]);
  const [{ id }] = await engine.sent('list');
  // By the engine that was: its answer counts.
  await engine.event(4, 90, { done: { id, reply: { jobs: { jobs: [] } } } });
  assert.deepEqual(await jobs, []);
  check();
});

test('a fire without its function is an error, and the engine is told to look elsewhere', async () => {
  const { page, check, engine } = await open();
  await engine.event(5, 4, { jobs: [{ submitted: { fires: listOf([fire(1, 'k')]), client: engine.client, timeout_ms: 1000 } }] });
  await page.waitForFunction(() => window.played.commands('ended').length === 1);
  assert.equal((await engine.sent('ended'))[0].ends[0].error, 'no function is bound');
  assert.deepEqual((await engine.sent('unbind'))[0].jobs, ['k']);
  // It takes this page not to have `j`: it is told again.
  await engine.event(5, 5, { jobs: [{ unbound: { job: 'j', scheduled_at: 1000 } }, { unbound: { job: 'k', scheduled_at: 1000 } }] });
  assert.deepEqual((await engine.sent('bind')).map(({ jobs }) => jobs), [['j'], ['j']]);
  check();
});

test('health, and what becomes of it, is told', async () => {
  const { page, check, engine } = await open();
  const trouble = { message: 'quota', failures: 2, retry_at: 5000 };
  await engine.event(5, 4, { health: { store: trouble, quarantined: 2, clock_generation: 1, standby: true } });
  const health = await page.evaluate(() => window.scheduler.health);
  assert.deepEqual(health, { store: { message: 'quota', failures: 2, retryAt: new Date(5000) }, quarantined: 2, clockGeneration: 1 });
  assert.equal(await page.evaluate(() => window.scheduler.paused), true);
  await engine.event(5, 5, { health: { quarantined: 2, clock_generation: 1, standby: true } });
  for (const kind of ['store_trouble', 'store_recovered', 'jobs_quarantined', 'clock_set_back']) {
    assert.equal((await told(page, kind)).length, 1, kind);
  }
  check();
});

test('what the worker can not read rejects what is open, and all else goes on', async () => {
  const { page, check, engine } = await open();
  const refused = call(page, 'jobs');
  await page.waitForFunction(() => window.played.commands('list').length === 1);
  await engine.say({ fatal: { bad_message: { message: 'a text where a number is wanted' } } });
  assert.equal((await refused).error.code, 'bad_message');
  assert.equal(await page.evaluate(() => window.scheduler.state), 'running');
  check();
});

test('a worker that goes is followed by another, later each time', async () => {
  const { page, check, engine } = await open();
  const gone = { fatal: { crashed: { message: 'memory' } } };
  await engine.say(gone);
  assert.equal(await page.evaluate(() => window.scheduler.state), 'starting');
  await page.clock.runFor(1100);
  assert.equal(await engine.workers(), 2);
  await engine.say(gone);
  await page.clock.runFor(1100);
  assert.equal(await engine.workers(), 2);
  await page.clock.runFor(1000);
  assert.equal(await engine.workers(), 3);
  await engine.event(6, 1, SNAPSHOT);
  assert.equal(await page.evaluate(() => window.scheduler.state), 'running');
  assert.deepEqual((await engine.sent('resume'))[0].jobs, ['j']);
  assert.equal(await engine.client, await page.evaluate(() => window.played.client()), 'for the page is the same');
  check();
});

test('a page that can not have what it asks for is told why', async () => {
  const { page, check } = await openPage(context);
  await page.addInitScript(playWorkers);
  await page.goto(`${at.server.url}/plain.html`);
  const start = page.evaluate(async () => {
    const { Scheduler } = await import('./scheduler.js');
    const started = Scheduler.start({ locale: 'zh-CN' }).catch(({ code, message }) => [code, message]);
    window.played.say({ fatal: 'no_locks' });
    return [...(await started), window.played.workers[0].isGone];
  });
  assert.deepEqual(await start, ['no_locks', '页面不在安全上下文中，只能使用存储 "memory"；请通过 https 提供页面', true]);
  check();
});

test('a shutdown that is not answered ends all the same', async () => {
  const { page, check, engine, submitted } = await open();
  await engine.event(5, 4, submitted([1]));
  const stopped = page.evaluate(() => window.scheduler.shutdown({ timeout: 1000 }).then(() => window.fires[0].aborted));
  await page.waitForFunction(() => window.played.commands('shutdown').length === 1);
  const [{ wait, timeout_ms }] = await engine.sent('shutdown');
  assert.deepEqual([wait, timeout_ms], [true, 1000]);
  await page.clock.runFor(7000);
  assert.equal(await stopped, 'AbortError');
  assert.equal(await page.evaluate(() => window.played.workers[0].isGone), true);
  check();
});
