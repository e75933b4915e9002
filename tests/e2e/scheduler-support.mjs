// A plain page under the strict policy that `serve` sets, and what scenarios of the scheduler need on it.

import { openPage } from './support.mjs';

/** Where test clocks begin. */
export const START = Date.UTC(2026, 10, 24);

const PLAIN = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Plain</title>
<link rel="icon" href="data:,"><h1>A plain page</h1></html>`;

/** Serves plain.html, with the headers of every other page. */
export async function servePlainPage(context) {
  await context.route(/\/plain\.html$/, async (route) => {
    const { origin } = new URL(route.request().url());
    const response = await route.fetch({ url: `${origin}/index.html` });
    await route.fulfill({ response, body: PLAIN });
  });
}

/**
 * A page with a scheduler of these options as `window.scheduler`; what it is told is in `window.told`.
 * Functions for jobs are in `window.works`, and leave what they were called with in `window.fires`.
 */
export async function openScheduler(context, url, options, { expected } = {}) {
  const { page, check } = await openPage(context, { expected });
  await page.goto(`${url}/plain.html`);
  await startScheduler(page, options);
  return { page, check };
}

export async function startScheduler(page, options) {
  await page.evaluate(async (options) => {
    window.told = [];
    window.fires = [];
    const note = ({ job, scheduledAt, lateMs, number, cause, signal }) => {
      const fire = { job, at: scheduledAt.getTime(), lateMs, number, cause };
      window.fires.push(fire);
      signal.addEventListener('abort', () => (fire.aborted = signal.reason.name));
      return fire;
    };
    window.works = {
      /** Done at once. */
      now: (fire) => note(fire).number,
      /** Ends when `finish` is called, or, badly, when it is aborted. */
      waits: (fire) =>
        new Promise((resolve, reject) => {
          note(fire);
          window.finish = () => resolve('finished');
          fire.signal.addEventListener('abort', () => reject(fire.signal.reason));
        }),
      /** Never ends, whatever is said. */
      hangs: (fire) => new Promise(() => note(fire)),
    };
    const { Scheduler } = await import('./scheduler.js');
    window.scheduler = await Scheduler.start(options);
    window.scheduler.on('*', (event) => window.told.push(event));
  }, options);
}

/** Adds a job that does one of `window.works`. */
export function addJob(page, job, work = 'now') {
  return page.evaluate(
    ([job, work]) => window.scheduler.addJob({ ...job, run: window.works[work] }),
    [job, work],
  );
}

/** Calls a method of the scheduler; an error comes back as `{ error }`. */
export function call(page, method, ...args) {
  return page.evaluate(async ([method, args]) => {
    try {
      return await window.scheduler[method](...args);
    } catch (error) {
      const { name, code, message, problems } = error;
      return { error: { name, code, message, problems } };
    }
  }, [method, args]);
}

/** Waits until so many events of a kind were told; comes back with them. */
export async function told(page, kind, count = 1) {
  const found = await page.waitForFunction(([kind, count]) => {
    const events = window.told.filter((event) => event.kind === kind);
    return events.length >= count && events;
  }, [kind, count]);
  return found.jsonValue();
}

/** Moves the test clock, then waits until so many fires in all have been carried out. */
export async function advance(page, ms, executed) {
  await call(page, 'advance', ms);
  if (executed !== undefined) await told(page, 'job_executed', executed);
}

/** The instants of a job's fires on a page, in ms after the start. */
export async function fired(page, job) {
  const fires = await page.evaluate(() => window.fires);
  return fires.filter((fire) => fire.job === job).map(({ at }) => at - START);
}
