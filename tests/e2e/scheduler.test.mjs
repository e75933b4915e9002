// The scheduler alone, on a plain page, in memory, by a clock that only the scenario moves.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { beforeEach, test } from 'node:test';

import { openPage, shared } from './support.mjs';
import { START, addJob, advance, call, fired, openScheduler, servePlainPage, told } from './scheduler-support.mjs';

const TEN_SECONDS = { type: 'interval', seconds: 10 };
const IN_MEMORY = { storage: 'memory', clock: { start: START }, locale: 'en' };

const at = shared();
let context;

beforeEach(async () => {
  context = await at.browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' });
  at.each.add(() => context.close());
  await servePlainPage(context);
});

function open(options) {
  return openScheduler(context, at.server.url, { ...IN_MEMORY, ...options });
}

test('a job fires by its trigger, and its function is told which fire it is', async () => {
  const { page, check } = await open();
  const added = await addJob(page, { id: 'j', trigger: TEN_SECONDS });
  assert.deepEqual(added, { id: 'j', nextFire: new Date(START + 10_000) });
  await advance(page, 10_000, 1);
  await advance(page, 10_000, 2);
  const fires = await page.evaluate(() => window.fires);
  assert.deepEqual(fires[0], { job: 'j', at: START + 10_000, lateMs: 0, number: 1, cause: 'schedule' });
  assert.deepEqual(await fired(page, 'j'), [10_000, 20_000]);
  const kinds = await page.evaluate(() => window.told.map(({ kind }) => kind));
  const once = ['scheduler_started', 'job_added', 'job_submitted', 'job_executed'];
  assert.deepEqual(kinds, [...once, 'job_submitted', 'job_executed']);
  const [executed] = await told(page, 'job_executed');
  assert.deepEqual([executed.result, executed.here, executed.at], [1, true, new Date(START + 10_000)]);
  const job = await call(page, 'job', 'j');
  assert.deepEqual([job.state, job.fires, job.nextFire, job.bound], ['waiting', 2, new Date(START + 30_000), true]);
  assert.equal(await call(page, 'job', 'nobody'), null);
  check();
});

test('what a function throws is told, and the next fire comes all the same', async () => {
  const { page, check } = await open();
  await page.evaluate(async (trigger) => {
    const error = new Error('no such table');
    await window.scheduler.addJob({ id: 'throws', trigger, run: () => { throw error; } });
    await window.scheduler.addJob({ id: 'rejects', trigger, run: async () => { throw error; } });
    await window.scheduler.addJob({ id: 'odd', trigger, run: () => Promise.reject(Object.create(null)) });
    window.scheduler.on('job_error', (event) => (window.same = event.error === error), { job: 'throws' });
  }, TEN_SECONDS);
  await advance(page, 10_000);
  const errors = await told(page, 'job_error', 3);
  const messages = Object.fromEntries(errors.map(({ job, message }) => [job, message]));
  assert.deepEqual(messages, {
    throws: 'no such table', rejects: 'no such table', odd: 'something without words was thrown',
  });
  assert.equal(await page.evaluate(() => window.same), true, 'the very error');
  await advance(page, 10_000);
  await told(page, 'job_error', 6);
  const history = await call(page, 'history', { job: 'throws', count: 1 });
  assert.deepEqual([history[0].outcome, history[0].error, history[0].number], ['error', 'no such table', 2]);
  check();
});

test('a fire whose time is over is aborted by its signal, and what it comes to then is not reported', async () => {
  const { page, check } = await open();
  await addJob(page, { id: 'j', trigger: TEN_SECONDS, fireTimeout: 25_000, maxFires: 1 }, 'waits');
  await advance(page, 10_000);
  await advance(page, 25_000);
  await told(page, 'job_timed_out');
  assert.equal(await page.evaluate(() => window.fires[0].aborted), 'TimeoutError');
  await page.evaluate(() => window.finish());
  await advance(page, 1000);
  const ends = await page.evaluate(() => window.told.filter(({ kind }) => /executed|error/.test(kind)));
  assert.deepEqual(ends, []);
  const [record] = await call(page, 'history');
  assert.deepEqual([record.outcome, record.begunAt], ['timed_out', new Date(START + 10_000)]);
  check();
});

test('a listener that throws, rejects, is slow or never ends delays and breaks nothing', async () => {
  const page = await context.newPage();
  const thrown = [];
  page.on('pageerror', ({ message }) => thrown.push(message));
  await page.goto(`${at.server.url}/plain.html`);
  await page.evaluate(async ([options, trigger]) => {
    const { Scheduler } = await import('./scheduler.js');
    const scheduler = await Scheduler.start(options);
    window.scheduler = scheduler;
    window.order = [];
    scheduler.on('job_submitted', () => { throw new Error('it throws'); });
    scheduler.on('job_submitted', async () => { throw new Error('it rejects'); });
    scheduler.on('job_submitted', () => new Promise(() => {}));
    scheduler.on('job_submitted', ({ job }) => {
      window.order.push(`told ${job}`);
      const until = performance.now() + 50;
      while (performance.now() < until);
    });
    const run = ({ job }) => void window.order.push(`ran ${job}`);
    await scheduler.addJobs(['a', 'b', 'c'].map((id) => ({ id, trigger, run })));
  }, [IN_MEMORY, TEN_SECONDS]);
  await advance(page, 10_000);
  await page.waitForFunction(() => window.order.length === 6);
  const order = await page.evaluate(() => window.order);
  assert.deepEqual(order, ['ran a', 'ran b', 'ran c', 'told a', 'told b', 'told c']);
  assert.deepEqual(thrown.toSorted(), Array(3).fill(['it rejects', 'it throws']).flat().toSorted());
});

test('whoever listens may choose kinds and a job, and stop', async () => {
  const { page, check } = await open();
  const heard = await page.evaluate(async (trigger) => {
    const { scheduler, works } = window;
    const heard = [];
    const note = ({ kind, job }) => heard.push(`${kind} ${job}`);
    const off = scheduler.on(['job_added', 'job_removed'], note, { job: 'a' });
    const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
    for (const id of ['a', 'b']) await scheduler.addJob({ id, trigger, run: works.now });
    await scheduler.removeJob('a');
    await settled();
    off();
    await scheduler.addJob({ id: 'a', trigger, run: works.now });
    await settled();
    return heard;
  }, TEN_SECONDS);
  assert.deepEqual(heard, ['job_added a', 'job_removed a']);
  const message = await page.evaluate(() => {
    try {
      return window.scheduler.on('job_vanished', () => {});
    } catch (error) {
      return error.message;
    }
  });
  assert.match(message, /unknown kind "job_vanished"/);
  check();
});

test('a paused job keeps its phase, and while all are paused nothing fires', async () => {
  const { page, check } = await open();
  await addJob(page, { id: 'j', trigger: TEN_SECONDS });
  await call(page, 'pauseJob', 'j');
  await advance(page, 33_000);
  const paused = await call(page, 'job', 'j');
  assert.deepEqual([paused.state, paused.paused, paused.nextFire], ['paused', true, null]);
  await call(page, 'resumeJob', 'j');
  await advance(page, 10_000, 1);
  await call(page, 'pause');
  await advance(page, 30_000);
  assert.deepEqual(await fired(page, 'j'), [40_000]);
  await call(page, 'resume');
  await told(page, 'job_executed', 2);
  assert.deepEqual(await fired(page, 'j'), [40_000, 70_000], 'what was missed is one fire');
  const [coalesced] = await told(page, 'job_coalesced');
  assert.equal(coalesced.count, 2);
  for (const kind of ['job_paused', 'job_resumed', 'scheduler_paused', 'scheduler_resumed']) await told(page, kind);
  check();
});

test('a scheduler may start with all jobs held back', async () => {
  const { page, check } = await open({ paused: true });
  await addJob(page, { id: 'j', trigger: TEN_SECONDS });
  await advance(page, 20_000);
  assert.deepEqual(await fired(page, 'j'), []);
  await call(page, 'resume');
  await told(page, 'job_executed');
  check();
});

test('jobs are changed, rescheduled, listed, run now and backfilled', async () => {
  const { page, check } = await open();
  await addJob(page, { id: 'j', name: 'First', trigger: TEN_SECONDS, tags: ['report'], misfireGrace: 1000, overlap: { allowN: 3 } });
  await addJob(page, { id: 'k', trigger: { type: 'date', run_date: new Date(START + 5000).toISOString() } });
  assert.deepEqual(await call(page, 'nextFires', 'j', 3), [10, 20, 30].map((s) => new Date(START + s * 1000)));
  const [job] = await call(page, 'jobs', { tag: 'report' });
  const { id, name, tags, misfireGrace, overlap, coalesce, trigger } = job;
  assert.deepEqual([id, name, tags, misfireGrace, overlap, coalesce], ['j', 'First', ['report'], '1000ms', { allowN: 3 }, 'latest']);
  assert.deepEqual([trigger.seconds, trigger.timezone], [10, 'Europe/London']);
  await call(page, 'modifyJob', 'j', { name: 'Second', tags: null, overlap: 'bufferOne' });
  const changed = await call(page, 'job', 'j');
  assert.deepEqual([changed.name, changed.tags, changed.overlap, changed.nextFire], ['Second', [], 'bufferOne', job.nextFire]);
  await call(page, 'runNow', 'j');
  await told(page, 'job_executed');
  await advance(page, 7000, 2);
  await call(page, 'rescheduleJob', 'j', { type: 'interval', minutes: 1 });
  assert.deepEqual(await call(page, 'nextFires', 'j'), [new Date(START + 67_000)]);
  assert.deepEqual((await call(page, 'jobs', { state: 'finished' })).map(({ id }) => id), ['k']);
  await page.evaluate(() => window.scheduler.modifyJob('j', { run: () => 'another' }));
  await call(page, 'runNow', 'j');
  assert.equal((await told(page, 'job_executed', 3))[2].result, 'another');

  await addJob(page, { id: 'b', trigger: { type: 'interval', seconds: 1, startDate: new Date(START).toISOString() }, misfireGrace: 0 });
  await call(page, 'backfill', 'b', START + 2000, new Date(START + 4000).toISOString());
  await told(page, 'job_executed', 7);
  const causes = (await call(page, 'history', { job: 'b' })).map(({ cause, scheduledAt }) => [cause, scheduledAt - START]);
  assert.deepEqual(causes, [['backfill', 4000], ['backfill', 3000], ['backfill', 2000], ['schedule', 7000]]);
  check();
});

test('a removed job lets its fire finish, aborts it, or waits for it', async () => {
  const { page, check } = await open();
  const underWay = async (id) => {
    await addJob(page, { id, trigger: TEN_SECONDS }, 'waits');
    await advance(page, 10_000);
    await page.waitForFunction((id) => window.fires.some(({ job }) => job === id), id);
  };
  await underWay('lets');
  await call(page, 'removeJob', 'lets');
  await page.evaluate(() => window.finish());
  assert.equal((await told(page, 'job_executed'))[0].result, 'finished');
  await underWay('aborts');
  await call(page, 'removeJob', 'aborts', { mode: 'abort' });
  await told(page, 'job_aborted');
  assert.equal(await page.evaluate(() => window.fires[1].aborted), 'AbortError');
  await underWay('waits');
  const removed = page.evaluate(() => window.scheduler.removeJob('waits', { mode: 'wait' }).then(() => window.told.at(-1).kind));
  assert.equal((await call(page, 'job', 'waits')).underWay, 1);
  await page.evaluate(() => window.finish());
  await removed;
  assert.equal(await call(page, 'job', 'waits'), null);
  await told(page, 'job_removed', 3);
  check();
});

test('a job is previewed and explained in both languages', async () => {
  const cron = { type: 'cron', dayOfWeek: 'mon-fri', hour: 2, timezone: 'Asia/Shanghai' };
  for (const [locale, every] of [['en', /^every 58/], ['zh-CN', /^每.*58/]]) {
    const { page, check } = await open({ locale });
    const preview = await call(page, 'preview', cron, 2);
    assert.match((await call(page, 'preview', { type: 'interval', seconds: 58 })).words, every);
    // Tuesday the 24th, 00:00 UTC, is 08:00 in Shanghai.
    assert.deepEqual(preview.fires, [new Date(Date.UTC(2026, 10, 24, 18)), new Date(Date.UTC(2026, 10, 25, 18))]);
    await addJob(page, { id: 'j', trigger: cron });
    assert.match(await call(page, 'explain', 'j'), locale === 'en' ? /^Fires .+\. It waits for its next fire\./ : /正在等待下一次触发/);
    check();
  }
});

test('what is wrong with a job is said with its place, in both languages', async () => {
  const job = { id: 'j', trigger: { type: 'cron', dayOfWeek: 'mon-fry' }, coalesce: 'newest' };
  const { page, check } = await open();
  const { error } = await call(page, 'addJob', job);
  assert.deepEqual([error.name, error.code, error.problems[0].path], ['SchedulerError', 'invalid', 'coalesce']);
  assert.equal(error.message, 'coalesce: unknown word "newest"; use one of earliest, latest, all');
  delete job.coalesce;
  const of_trigger = (await call(page, 'addJob', job)).error;
  assert.equal(of_trigger.problems[0].path, 'trigger.dayOfWeek');
  const { error: second } = await call(page, 'addJobs', [{ id: 'a', trigger: TEN_SECONDS }, { id: 'b', trigger: TEN_SECONDS, misfireGraze: 5 }]);
  assert.match(second.message, /^jobs\[1\]: unknown key "misfireGraze"; did you mean "misfireGrace"\?$/);
  assert.deepEqual(await call(page, 'jobs'), [], 'all or none');
  assert.equal((await call(page, 'pauseJob', 'nobody')).error.code, 'unknown_job');
  assert.equal((await call(page, 'pauseJob', 'no body/')).error.code, 'unknown_job', 'which no job can have');
  await addJob(page, { id: 'a', trigger: TEN_SECONDS });
  const refused = (await call(page, 'addJob', { id: 'a', trigger: TEN_SECONDS }, { existing: 'refuse' })).error;
  assert.deepEqual([refused.code, refused.message], ['job_exists', 'there is a job a already; replace or keep it, or choose another id']);
  await advance(page, 10_000, 1);
  check();

  const chinese = await open({ locale: 'zh' });
  const { error: said } = await call(chinese.page, 'addJob', { ...job, coalesce: 'newest' });
  assert.equal(said.message, 'coalesce：未知的词 "newest"；可用：earliest、latest、all');
  chinese.check();
});

test('all jobs are exported and imported as one document', async () => {
  const { page, check } = await open();
  await addJob(page, { id: 'j', trigger: TEN_SECONDS, tags: ['x'], 'x-owner': { firstName: 'Ada' } });
  const document = await call(page, 'export');
  assert.equal((await call(page, 'job', 'j'))['x-owner'].firstName, 'Ada');
  const other = await open();
  const added = await call(other.page, 'import', document, { existing: 'refuse' });
  assert.deepEqual(added, [{ id: 'j', nextFire: new Date(START + 10_000) }]);
  assert.equal(await call(other.page, 'export'), document);
  assert.equal((await call(other.page, 'import', document, { existing: 'refuse' })).error.code, 'job_exists');
  await advance(other.page, 10_000);
  await told(other.page, 'job_unbound');
  await other.page.evaluate(() => window.scheduler.bind('j', window.works.now));
  await told(other.page, 'job_executed');
  assert.deepEqual(await fired(other.page, 'j'), [10_000], 'its phase is in the document');
  check();
  other.check();
});

test('a job that is added without a function waits until one is bound', async () => {
  const { page, check } = await open();
  await call(page, 'addJob', { id: 'j', trigger: TEN_SECONDS });
  await advance(page, 10_000);
  await told(page, 'job_unbound');
  assert.equal((await call(page, 'job', 'j')).state, 'unbound');
  await page.evaluate(() => window.scheduler.bind('j', window.works.now));
  await told(page, 'job_executed');
  await call(page, 'unbind', 'j');
  await advance(page, 10_000);
  await told(page, 'job_unbound', 2);
  check();
});

test('shutdown waits for what is under way, aborts it when it is told to, and is the end', async () => {
  const { page, check } = await open();
  await addJob(page, { id: 'j', trigger: TEN_SECONDS }, 'waits');
  await advance(page, 10_000);
  const stopped = page.evaluate(async () => {
    const { scheduler } = window;
    const both = Promise.all([scheduler.shutdown(), scheduler.shutdown()]);
    const states = [scheduler.state];
    setTimeout(() => window.finish(), 50);
    await both;
    return [...states, scheduler.state, window.fires[0].aborted];
  });
  assert.deepEqual(await stopped, ['draining', 'stopped', undefined]);
  await told(page, 'scheduler_shutdown');
  assert.equal((await told(page, 'job_executed')).length, 1);
  assert.equal(page.workers().length, 0);
  const { error } = await call(page, 'addJob', { id: 'k', trigger: TEN_SECONDS });
  assert.deepEqual([error.code, error.message], ['stopped', 'the scheduler has been shut down; start another']);
  assert.equal(await call(page, 'shutdown'), undefined);
  check();

  const aborted = await open();
  await addJob(aborted.page, { id: 'j', trigger: TEN_SECONDS }, 'hangs');
  await advance(aborted.page, 10_000);
  await call(aborted.page, 'shutdown', { wait: false });
  assert.equal(await aborted.page.evaluate(() => window.fires[0].aborted), 'AbortError');
  await told(aborted.page, 'job_aborted');
  aborted.check();

  const late = await open({ clock: 'real' });
  await addJob(late.page, { id: 'j', trigger: { type: 'interval', seconds: 0.1 } }, 'hangs');
  await late.page.waitForFunction(() => window.fires.length > 0);
  await call(late.page, 'shutdown', { timeout: 200 });
  assert.equal(await late.page.evaluate(() => window.fires[0].aborted), 'AbortError', 'its patience is over');
  late.check();
});

test('wrong use is said, not ignored', async () => {
  const { page, check } = await open();
  const said = (options) =>
    page.evaluate(async (options) => {
      const { Scheduler } = await import('./scheduler.js');
      return Scheduler.start(options).then(() => 'started', ({ name, message }) => `${name}: ${message}`);
    }, options);
  assert.match(await said({ store: 'memory' }), /^TypeError: start: unknown option "store"/);
  assert.match(await said({ storage: 'disk' }), /^TypeError: storage: unknown word "disk"/);
  assert.match((await call(page, 'nextFires', 'j', 'many')).error.message, /no count/);
  assert.match((await call(page, 'backfill', 'j', 'soon', 0)).error.message, /no instant/);
  assert.match((await call(page, 'removeJob', 'j', { mode: 'kill' })).error.message, /unknown word "kill"/);
  assert.match((await call(page, 'bind', 'j', 5)).error.message, /function/);
  check();
});

test('a job may be added, changed and removed in one breath', async () => {
  const { page, check } = await open();
  await page.evaluate(async (trigger) => {
    const { scheduler, works } = window;
    await Promise.all([
      scheduler.addJob({ id: 'j', trigger, run: () => 'first' }),
      scheduler.removeJob('j'),
      scheduler.addJob({ id: 'j', trigger, run: works.now }),
    ]);
  }, TEN_SECONDS);
  await advance(page, 10_000, 1);
  assert.deepEqual(await fired(page, 'j'), [10_000], 'the function that was given last is its own');
  check();
});

test('README: the scheduler starts, adds its job and listens', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, code] = /```js\n(import \{ Scheduler \}.*?)```/s.exec(readme);
  const [imported, ...lines] = code.split('\n');
  assert.match(imported, /^import \{ Scheduler \} from '\S+\/scheduler\.js';$/);
  const { page, check } = await openPage(context);
  await page.goto(`${at.server.url}/plain.html`);
  const [job, state] = await page.evaluate(`(async () => {
    const { Scheduler } = await import('./scheduler.js');
    ${lines.join('\n')}
    return [await scheduler.job('refresh'), scheduler.state];
  })()`);
  assert.deepEqual([job.trigger.seconds, job.fireTimeout, job.bound, state], [58, '30s', true, 'running']);
  check();
});
