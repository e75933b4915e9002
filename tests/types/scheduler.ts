// Uses the whole of the scheduler's API as its types describe it; compiled by tests/e2e/types.test.mjs,
// never run. Lines below `@ts-expect-error` are wrong use, and have to be refused.

import { Scheduler, SchedulerError } from '../../www/scheduler.js';
import type {
  AddedJob, EventKind, Fire, FireRecord, Health, Job, JobDocument, Role, SchedulerEvent, SchedulerState, Trigger,
} from '../../www/scheduler.js';

export async function all(): Promise<void> {
  const scheduler: Scheduler = await Scheduler.start({
    storage: 'indexeddb', name: 'reports', paused: false, locale: 'zh-CN',
  });
  const state: SchedulerState = scheduler.state;
  const role: Role = scheduler.role;
  const health: Health = scheduler.health;
  const paused: boolean = scheduler.paused;
  const retryAt: Date | undefined = health.store?.retryAt;

  const added: AddedJob = await scheduler.addJob({
    id: 'refresh',
    trigger: { type: 'interval', seconds: 58, startDate: new Date() },
    misfireGrace: 30_000,
    fireTimeout: '5m',
    coalesce: 'latest',
    overlap: { allowN: 3 },
    maxFires: 100,
    priority: 1,
    tags: ['report'],
    'x-owner': { team: 'data' },
    run: async ({ job, scheduledAt, lateMs, number, cause, signal }: Fire) => {
      await fetch(`/${job}/${number}/${cause}`, { signal });
      return scheduledAt.getTime() + lateMs;
    },
  }, { existing: 'keep' });
  const next: number | undefined = added.nextFire?.getTime();

  // An APScheduler user's names.
  await scheduler.addJobs([
    { id: 'a', trigger: { type: 'cron', day_of_week: 'mon-fri', hour: 2, start_date: '2026-11-24' }, run: () => 1 },
    { id: 'b', trigger: { type: 'date', runDate: new Date() }, run: { chain: 'purchase', environment: 'local' } },
    { id: 'c', trigger: { type: 'crontab', expression: '*/5 9-17 * * mon-fri', vixie: true }, run: 'callback' },
    { id: 'd', trigger: { type: 'calendarinterval', months: 1, hour: 2 }, overlap: 'bufferOne', misfireGrace: null },
    { id: 'e', trigger: { type: 'or', triggers: [triggers.plain, triggers.nested] }, overlap: { allow_n: 2 } },
  ]);
  await scheduler.modifyJob('refresh', { name: 'Refresh', tags: null, run: () => undefined });
  await scheduler.rescheduleJob('refresh', { type: 'interval', minutes: 1, timezone: 'Asia/Shanghai' });
  await scheduler.pauseJob('refresh');
  await scheduler.resumeJob('refresh');
  await scheduler.runNow('refresh');
  await scheduler.backfill('refresh', new Date(0), '2026-11-24T02:00:00Z');
  await scheduler.removeJob('a');
  await scheduler.removeJob('b', { mode: 'let_finish' });
  await scheduler.removeJob('c', { mode: 'abort' });
  await scheduler.removeAllJobs();

  const job: Job | null = await scheduler.job('refresh');
  if (job) {
    const zone: string | null | undefined = job.trigger.timezone;
    const figures: number[] = [job.fires, job.skipped, job.underWay, job.priority];
    const words: (string | null)[] = [job.words, job.name, job.misfireGrace, zone ?? null];
    void [figures, words, job.nextFire?.toISOString(), job.bound, job.state === 'unbound'];
  }
  const jobs: Job[] = await scheduler.jobs({ tag: 'report', state: 'waiting' });
  const fires: Date[] = await scheduler.nextFires('refresh', 3);
  const preview: { words: string; fires: Date[] } = await scheduler.preview({ type: 'cron', hour: '*/2' }, 3);
  const sentences: string = await scheduler.explain('refresh');
  const history: FireRecord[] = await scheduler.history({ job: 'refresh', count: 10 });
  const ends: (string | null)[] = history.map(({ outcome, error, endedAt }) => outcome ?? error ?? String(endedAt));

  const off: () => void = scheduler.on('job_missed', (event) => {
    const missed: [string, number, Date] = [event.job, event.count, event.scheduledAt];
    void missed;
  }, { job: 'refresh' });
  off();
  scheduler.on(['job_executed', 'job_error'], async (event) => {
    if (event.kind === 'job_executed') return event.result;
    return event.message.length;
  });
  scheduler.on('job_skipped', ({ blockedBy, inARow }) => blockedBy?.begunAt ?? inARow);
  scheduler.on('*', (event: SchedulerEvent) => console.log(event.at, event.kind satisfies EventKind));

  await scheduler.pause();
  await scheduler.resume();
  await scheduler.bind('refresh', ({ signal }) => signal.aborted);
  await scheduler.unbind('refresh');
  const document: string = await scheduler.export();
  await scheduler.import(document, { existing: 'refuse' });
  await scheduler.import(JSON.parse(document) as object);
  await scheduler.shutdown({ wait: true, timeout: 30_000 });
  await scheduler.shutdown();

  const test = await Scheduler.start({ storage: 'memory', clock: { start: Date.UTC(2026, 10, 24) } });
  const now: Date = await test.advance(1000, { throughCalls: true });
  void [state, role, paused, retryAt, next, jobs, fires, preview, sentences, ends, now];
}

const triggers: { plain: Trigger; nested: Trigger } = {
  plain: { type: 'interval', weeks: 1, days: 1, hours: 1, minutes: 1, seconds: 0.5, jitter: 3, gap: 'next', fold: 'both' },
  nested: {
    type: 'except',
    trigger: { type: 'and', triggers: [{ type: 'cron', day: 'last fri' }, { type: 'cron', week: '1-10', year: 2026 }] },
    when: [{ dates: ['2026-12-25'] }, { weekly: ['sat', 'sun'] }, { annual: ['12-25'] }, { cron: { hour: '0-6' } }],
  },
};

export async function failures(scheduler: Scheduler, job: JobDocument): Promise<string[]> {
  try {
    await scheduler.addJob(job);
    return [];
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    if (error.code === 'invalid') return error.problems.map(({ path, message }) => `${path}: ${message}`);
    return [error.message, error.name];
  }
}

export async function wrong(scheduler: Scheduler): Promise<void> {
  // @ts-expect-error A scheduler is started, not made.
  new Scheduler();
  // @ts-expect-error There is no such storage.
  await Scheduler.start({ storage: 'localstorage' });
  // @ts-expect-error A job has an id.
  await scheduler.addJob({ trigger: { type: 'interval', seconds: 58 } });
  // @ts-expect-error A trigger has a type.
  await scheduler.addJob({ id: 'a', trigger: { seconds: 58 } });
  // @ts-expect-error An interval has no such unit.
  await scheduler.addJob({ id: 'a', trigger: { type: 'interval', fortnights: 1 } });
  // @ts-expect-error `day_of_week` in the other form is `dayOfWeek`.
  await scheduler.preview({ type: 'cron', dayofweek: 'mon' });
  // @ts-expect-error There is no such policy.
  await scheduler.addJob({ id: 'a', trigger: { type: 'interval', seconds: 58 }, coalesce: 'newest' });
  // @ts-expect-error APScheduler's word for it is another.
  await scheduler.addJob({ id: 'a', trigger: { type: 'interval', seconds: 58 }, misfireGraceTime: 30 });
  // @ts-expect-error A job keeps its id.
  await scheduler.modifyJob('a', { id: 'b' });
  // @ts-expect-error There is no such event.
  scheduler.on('job_vanished', () => {});
  // @ts-expect-error Not every event has a job.
  scheduler.on('*', ({ job }) => job);
  // @ts-expect-error A removal has no such mode.
  await scheduler.removeJob('a', { mode: 'kill' });
  // @ts-expect-error No instant.
  await scheduler.backfill('a', { year: 2026 }, new Date());
  // @ts-expect-error What a getter says can't be set.
  scheduler.state = 'running';
  const job = await scheduler.job('a');
  // @ts-expect-error It may be null.
  void job.state;
}
