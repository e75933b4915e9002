// The scheduler over what tabs go through: reloads, a second tab, a leader that closes, a tab out of sight,
// a worker that crashes, another origin, ten thousand jobs at one instant.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { beforeEach, test } from 'node:test';

import { launchKillableBrowser, shared, temporaryFolder } from './support.mjs';
import {
  START, addJob, advance, call, fired, openScheduler, servePlainPage, startScheduler, told,
} from './scheduler-support.mjs';

const MANY = 10_000;
const TEN_SECONDS = { type: 'interval', seconds: 10 };
/** Of real clocks: scenarios wait for fires, never for a time. */
const SHORT = { type: 'interval', seconds: 0.1 };
const CRASH = /the test ends this worker/;

const at = shared();
let context;

beforeEach(async () => {
  context = await at.browser.newContext({ locale: 'en-GB' });
  at.each.add(() => context.close());
  await servePlainPage(context);
});

function open(options, more) {
  return openScheduler(context, at.server.url, options, more);
}

function fires(page, count) {
  return page.waitForFunction((count) => window.fires.length >= count, count);
}

function roleIs(page, role) {
  return page.waitForFunction((role) => window.scheduler.role === role, role);
}

/** Ends a page's worker as a trap in it would. */
async function crash(page) {
  const [worker] = page.workers();
  const gone = worker.waitForEvent('close');
  await worker.evaluate(() => void setTimeout(() => { throw new Error('the test ends this worker'); }));
  await gone;
}

/** Stops a page's worker where it stands, by a request that it waits for; what comes back lets it go on. */
async function freeze(page) {
  const server = createServer().listen(0, '127.0.0.1');
  const held = new Promise((resolve) => { server.once('request', (_, response) => resolve(response)); });
  at.each.add(() => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  }));
  await new Promise((ready) => { server.once('listening', ready); });
  const [worker] = page.workers();
  worker.evaluate((url) => void setTimeout(() => {
    const request = new XMLHttpRequest();
    request.open('GET', url, false);
    try {
      request.send();
    } catch {
      // Another origin's answer can't be read, and need not be.
    }
  }), `http://127.0.0.1:${server.address().port}/`);
  const response = await held;
  return () => response.end();
}

test('jobs are found again after a reload, and keep their phase', async () => {
  const { page, check } = await open({ clock: { start: START } });
  await addJob(page, { id: 'j', trigger: TEN_SECONDS });
  await advance(page, 10_000, 1);
  await page.reload();
  await startScheduler(page, { clock: { start: START + 13_000 } });
  const job = await call(page, 'job', 'j');
  assert.deepEqual([job.fires, job.nextFire, job.bound], [1, new Date(START + 20_000), false]);
  await page.evaluate(() => window.scheduler.bind('j', window.works.now));
  await advance(page, 7000, 1);
  assert.deepEqual(await fired(page, 'j'), [20_000]);
  // Added again, as most pages do at each load: its trigger is the same, so it goes on as it was.
  await page.reload();
  await startScheduler(page, { clock: { start: START + 45_000 } });
  await addJob(page, { id: 'j', trigger: TEN_SECONDS });
  await told(page, 'job_executed');
  assert.deepEqual(await fired(page, 'j'), [40_000], 'what was missed meanwhile is one fire');
  assert.equal((await call(page, 'history', { job: 'j' })).length, 3);
  check();
});

test('a follower carries out what only it has bound', async () => {
  const first = await open({});
  const second = await open({});
  await roleIs(first.page, 'leader');
  await roleIs(second.page, 'follower');
  await addJob(second.page, { id: 'j', trigger: SHORT });
  await fires(second.page, 3);
  const seen = await told(first.page, 'job_executed', 3);
  assert.ok(seen.every(({ job, here }) => job === 'j' && !here));
  assert.deepEqual(await first.page.evaluate(() => window.fires), []);
  assert.equal((await call(first.page, 'job', 'j')).words, (await call(second.page, 'job', 'j')).words);
  // The leader's own page goes first once it has the function too.
  await first.page.evaluate(() => window.scheduler.bind('j', window.works.now));
  await fires(first.page, 3);
  first.check();
  second.check();
});

test('when the leader closes amid a fire, that fire is abandoned and the follower leads', async () => {
  const first = await open({});
  await addJob(first.page, { id: 'j', trigger: SHORT }, 'hangs');
  await fires(first.page, 1);
  const second = await open({});
  await second.page.evaluate(() => window.scheduler.bind('j', window.works.now));
  await first.page.close();
  await roleIs(second.page, 'leader');
  const [abandoned] = await told(second.page, 'job_abandoned');
  assert.deepEqual([abandoned.job, abandoned.number, abandoned.here], ['j', 1, false]);
  await fires(second.page, 3);
  await told(second.page, 'role_changed');
  const history = await call(second.page, 'history', { job: 'j' });
  assert.deepEqual(history.at(-1).outcome, 'abandoned');
  second.check();
});

test('a leader that is frozen is robbed of its lead, and follows when it thaws', async () => {
  const first = await open({});
  await roleIs(first.page, 'leader');
  const second = await open({});
  await addJob(second.page, { id: 'j', trigger: SHORT });
  await fires(second.page, 1);
  // Not amid a write: the browser lets nobody else write until that is over.
  await call(second.page, 'pauseJob', 'j');
  const thaw = await freeze(first.page);
  await roleIs(second.page, 'leader');
  await call(second.page, 'resumeJob', 'j');
  const before = await second.page.evaluate(() => window.fires.length);
  await fires(second.page, before + 3);
  thaw();
  await roleIs(first.page, 'follower');
  assert.equal((await call(first.page, 'job', 'j')).id, 'j');
  const instants = (await second.page.evaluate(() => window.fires)).map(({ at }) => at);
  assert.equal(new Set(instants).size, instants.length, 'no instant fired twice');
  second.check();
});

test('a follower that closes amid a fire leaves it abandoned, and the leader goes on', async () => {
  const first = await open({});
  const second = await open({});
  await addJob(second.page, { id: 'j', trigger: SHORT }, 'hangs');
  await fires(second.page, 1);
  await first.page.evaluate(() => window.scheduler.bind('j', window.works.now));
  await second.page.close();
  await told(first.page, 'job_abandoned');
  await fires(first.page, 3);
  first.check();
});

test('what a follower is at when the leader closes goes on, and is reported to the next', async () => {
  const first = await open({});
  await roleIs(first.page, 'leader');
  const second = await open({});
  await addJob(second.page, { id: 'j', trigger: SHORT, maxFires: 1 }, 'waits');
  await fires(second.page, 1);
  await first.page.close();
  await roleIs(second.page, 'leader');
  await call(second.page, 'jobs');
  assert.equal(await second.page.evaluate(() => window.fires[0].aborted), undefined);
  await second.page.evaluate(() => window.finish());
  const [executed] = await told(second.page, 'job_executed');
  assert.deepEqual([executed.result, executed.here], ['finished', true]);
  assert.equal(await second.page.evaluate(() => window.fires.length), 1, 'it is begun once');
  second.check();
});

test('fires go on in a tab that is hidden', async () => {
  const profile = await temporaryFolder();
  at.each.add(() => profile.remove());
  const { context, kill } = await launchKillableBrowser(profile.path, { noDefaults: true });
  at.each.add(kill);
  await servePlainPage(context);
  const { page, check } = await openScheduler(context, at.server.url, {});
  await addJob(page, { id: 'j', trigger: SHORT });
  await fires(page, 1);
  const front = await context.newPage();
  await front.bringToFront();
  // Not by frames, of which a hidden tab has none.
  await page.waitForFunction(() => document.visibilityState === 'hidden', null, { polling: 100 });
  const before = await page.evaluate(() => window.fires.length);
  await page.waitForFunction((count) => window.fires.length >= count, before + 15, { polling: 100 });
  assert.equal(await page.evaluate(() => document.visibilityState), 'hidden');
  check();
});

test('a worker that crashes is followed by another: jobs and work under way are kept', async () => {
  const { page, check } = await open({}, { expected: [CRASH] });
  await addJob(page, { id: 'j', trigger: SHORT });
  await addJob(page, { id: 'long', trigger: SHORT, maxFires: 1 }, 'waits');
  await page.waitForFunction(() => window.fires.some(({ job }) => job === 'long'));
  await crash(page);
  const [error] = await told(page, 'scheduler_error');
  assert.deepEqual([error.code, error.restarting], ['crashed', true]);
  const before = await page.evaluate(() => window.fires.length);
  // Asked while there is no worker: answered by the next.
  const job = await call(page, 'job', 'j');
  assert.equal(job.id, 'j');
  await fires(page, before + 3);
  await page.evaluate(() => window.finish());
  const ended = await page.waitForFunction(() => window.told.find(({ kind, job }) => kind === 'job_executed' && job === 'long'));
  assert.equal((await ended.jsonValue()).result, 'finished');
  check();
});

test('a worker that crashes with its jobs in memory is the end, and that is said', async () => {
  const { page, check } = await open({ storage: 'memory', locale: 'en' }, { expected: [CRASH] });
  await addJob(page, { id: 'j', trigger: SHORT }, 'hangs');
  await fires(page, 1);
  await crash(page);
  const [error] = await told(page, 'scheduler_error');
  assert.deepEqual([error.code, error.restarting], ['crashed', false]);
  assert.match(error.message, /its jobs were in memory and are gone/);
  assert.equal(await page.evaluate(() => window.fires[0].aborted), 'AbortError');
  const { error: refused } = await call(page, 'jobs');
  assert.equal(refused.code, 'crashed');
  check();
});

test('a page of another origin may have a scheduler of its own', async () => {
  const policy = `default-src 'none'; script-src ${at.server.url} 'wasm-unsafe-eval'; connect-src ${at.server.url}; worker-src blob: ${at.server.url}; img-src data:`;
  // A server of its own: to the browser, what a test makes up is no page of this machine.
  const host = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end('<!doctype html><title>Host</title><link rel="icon" href="data:,">');
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  at.each.add(() => new Promise((resolve) => host.close(resolve)));
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${host.address().port}/`);
  const done = await page.evaluate(async (module) => {
    const { Scheduler } = await import(module);
    const scheduler = await Scheduler.start();
    const fired = new Promise((resolve) => {
      const trigger = { type: 'interval', seconds: 0.1 };
      scheduler.addJob({ id: 'j', trigger, run: ({ number }) => resolve(number) });
    });
    const number = await fired;
    await scheduler.shutdown();
    return number;
  }, `${at.server.url}/scheduler.js`);
  assert.equal(done, 1);
  assert.deepEqual(complaints, []);
});

for (const storage of ['memory', 'indexeddb']) {
  test(`ten thousand jobs due at one instant are carried out once each, ${storage}`, async () => {
    const { page, check } = await open({ storage, clock: { start: START } });
    const runs = await page.evaluate(async ([many, runDate]) => {
      const { scheduler } = window;
      const runs = new Map();
      window.runs = runs;
      const run = async ({ job }) => void runs.set(job, (runs.get(job) ?? 0) + 1);
      const jobs = Array.from({ length: many }, (_, n) => ({ id: `j${n}`, trigger: { type: 'date', runDate }, run }));
      const added = await scheduler.addJobs(jobs);
      return added.length;
    }, [MANY, new Date(START + 10_000).toISOString()]);
    assert.equal(runs, MANY);
    await advance(page, 10_000);
    await page.waitForFunction((many) => window.told.filter(({ kind }) => kind === 'job_executed').length === many, MANY);
    const counts = await page.evaluate(() => [window.runs.size, Math.max(...window.runs.values())]);
    assert.deepEqual(counts, [MANY, 1]);
    await advance(page, 10_000);
    assert.equal((await call(page, 'jobs', { state: 'finished' })).length, MANY);
    assert.equal(await page.evaluate(() => window.told.filter(({ kind }) => kind === 'job_submitted').length), MANY);
    check();
  });
}
