// What listeners are told: events by APScheduler's names, made from those of the engine, and delivered
// one by one, apart from all work.

import { date, fireView, tagged } from './names.js';
import { soon } from './soon.js';

/** How long listeners run before other work may come between, in ms. */
const DELIVERY_MS = 8;

const OUTCOMES = {
  executed: 'job_executed',
  failed: 'job_error',
  timed_out: 'job_timed_out',
  aborted: 'job_aborted',
  abandoned: 'job_abandoned',
};

/** The kinds of a job's events by the engine's tags, and what comes with each. */
const OF_JOBS = {
  added: ['job_added', ({ job, next }) => ({ job, nextFire: date(next) })],
  modified: ['job_modified', ({ job, next }) => ({ job, nextFire: date(next) })],
  paused: ['job_paused', ({ job }) => ({ job })],
  unpaused: ['job_resumed', ({ job, next }) => ({ job, nextFire: date(next) })],
  removed: ['job_removed', ({ job }) => ({ job })],
  all_removed: ['all_jobs_removed', () => ({})],
  all_paused: ['scheduler_paused', () => ({})],
  all_unpaused: ['scheduler_resumed', () => ({})],
  missed: [
    'job_missed',
    ({ job, first, count, why }) => ({ job, scheduledAt: new Date(first), count, why }),
  ],
  coalesced: ['job_coalesced', ({ job, into, count }) => ({ job, scheduledAt: new Date(into), count })],
  skipped: [
    'job_skipped',
    ({ job, scheduled_at: scheduled, in_a_row: inARow, blocked_by: blocking }) => ({
      job,
      scheduledAt: new Date(scheduled),
      inARow,
      blockedBy: blocking ? { ...fireView(blocking.fire), begunAt: new Date(blocking.begun_at) } : null,
    }),
  ],
  waiting: ['job_waiting', ({ job, scheduled_at: scheduled }) => ({ job, scheduledAt: new Date(scheduled) })],
  unbound: ['job_unbound', ({ job, scheduled_at: scheduled }) => ({ job, scheduledAt: new Date(scheduled) })],
  clock_change: [
    'job_clock_change',
    ({ job, at, decision }) => ({ job, changedAt: new Date(at), decision }),
  ],
};

const KINDS = new Set([
  ...Object.values(OF_JOBS).map(([kind]) => kind),
  ...Object.values(OUTCOMES),
  'job_submitted', 'job_finished',
  'scheduler_started', 'scheduler_shutdown', 'scheduler_error', 'role_changed',
  'store_trouble', 'store_recovered', 'clock_set_back', 'jobs_quarantined',
]);

/** The events of one event of the engine. `fires` are its fires, if it is about any; `isHere` says whether they
 * are handed over to this page, and `known` what it knows of those that have ended here. */
export function eventsOf(tag, content, at, { fires, isHere, known }) {
  if (tag === 'submitted') {
    const told = (id) => ({
      kind: 'job_submitted', ...fireView(id), lateMs: at - id.scheduled_at, here: isHere, at: new Date(at),
    });
    return fires.map(told);
  }
  if (tag === 'ended') return fires.map((id, n) => endOf(id, content.outcome, at, known[n]));
  if (tag === 'finished') return content.jobs.map((job) => ({ kind: 'job_finished', job, at: new Date(at) }));
  if (!Object.hasOwn(OF_JOBS, tag)) return [];
  const [kind, members] = OF_JOBS[tag];
  return [{ kind, ...members(content), at: new Date(at) }];
}

function endOf(id, outcome, at, fire) {
  const [word, detail] = tagged(outcome);
  const event = { kind: OUTCOMES[word], ...fireView(id), here: fire !== undefined, at: new Date(at) };
  if (word === 'executed') return { ...event, result: fire?.result };
  if (word === 'failed') return { ...event, message: detail.message, error: fire?.thrown };
  return event;
}

/** The kinds that `eventsOf` would make of one event of the engine. */
export function kindOf(tag, content) {
  if (tag === 'submitted') return 'job_submitted';
  if (tag === 'ended') return OUTCOMES[tagged(content.outcome)[0]];
  if (tag === 'finished') return 'job_finished';
  return OF_JOBS[tag]?.[0];
}

/** Who listens, and what waits to be delivered. */
export class Listeners {
  #listeners = [];
  #waiting = [];
  /** Until it is opened all is kept: whoever starts a scheduler has had no time to listen. */
  #isOpen = false;
  #deliverSoon = soon(() => this.#deliver());

  /** Calls `heed` with events of these kinds, of one job or of all; what comes back ends that. */
  add(kinds, heed, { job } = {}) {
    const wanted = kinds === '*' ? undefined : new Set([kinds].flat());
    for (const kind of wanted ?? []) {
      if (!KINDS.has(kind)) throw new TypeError(`on: unknown kind "${kind}"; use ${[...KINDS].join(', ')} or "*"`);
    }
    if (typeof heed !== 'function') throw new TypeError('on: give it a function');
    const listener = { wanted, heed, job };
    // A list of its own, so that one which is being gone through stays as it is.
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  open() {
    this.#isOpen = true;
    this.#deliverSoon();
  }

  /** Whether anybody may want an event of this kind. */
  wants(kind) {
    return !this.#isOpen || this.#listeners.some(({ wanted }) => !wanted || wanted.has(kind));
  }

  tell(event) {
    if (!this.wants(event.kind)) return;
    this.#waiting.push(event);
    if (this.#isOpen) this.#deliverSoon();
  }

  /** Delivers what waits; in pieces, so that a slow listener does not keep fires from beginning. */
  #deliver() {
    const until = performance.now() + DELIVERY_MS;
    let delivered = 0;
    while (delivered < this.#waiting.length && performance.now() < until) {
      this.#call(this.#waiting[delivered]);
      delivered += 1;
    }
    this.#waiting.splice(0, delivered);
    if (this.#waiting.length > 0) this.#deliverSoon();
  }

  #call(event) {
    for (const { wanted, heed, job } of this.#listeners) {
      if (wanted && !wanted.has(event.kind)) continue;
      if (job !== undefined && job !== event.job) continue;
      try {
        const outcome = heed(event);
        if (typeof outcome?.then === 'function') Promise.resolve(outcome).catch(reportError);
      } catch (thrown) {
        reportError(thrown);
      }
    }
  }
}
