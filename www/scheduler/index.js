// The scheduler alone, for any page: jobs by triggers, carried out by functions of the page. Starts one
// worker; touches nothing of the page. Works from any folder and any origin, under a strict
// Content-Security-Policy with 'wasm-unsafe-eval'. Types and their meaning: scheduler.d.ts.

import { Client } from './client.js';
import { failure, refused, SchedulerError } from './errors.js';
import { eventsOf, kindOf, Listeners } from './events.js';
import { Fires } from './fires.js';
import { date, firesOf, historyView, instant, jobView, snake, stored, storedJob, tagged } from './names.js';

export { SchedulerError };

const OPTIONS = ['storage', 'name', 'paused', 'locale', 'clock'];
const STORAGES = ['indexeddb', 'memory'];
const EXISTING = ['replace', 'keep', 'refuse'];
const REMOVALS = ['let_finish', 'abort', 'wait'];
const STATES = ['waiting', 'running', 'paused', 'unbound', 'finished'];
/** The engine's own limit for what is told at once. */
const MOST_TOLD = 10_000;
/** How much longer than agreed an engine may take to shut down, in ms. */
const SHUTDOWN_GRACE = 5000;
/** How long this page listens on after the engine has let it go, in ms. */
const LAST_WORDS = 1000;
const LONGEST_SHUTDOWN = 2 ** 31 - 1 - SHUTDOWN_GRACE;
/** How long a page waits before it starts a worker in place of one that crashed, in ms; doubled each time. */
const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 60_000;

/** Given by `start` alone. */
const BY_START = Symbol('by start');

export class Scheduler {
  #locale;
  #isKept;
  #state = 'starting';
  #role;
  #isPaused = false;
  /** The engine's clock when it was heard last. */
  #now = 0;
  #health = { store: null, quarantined: 0, clockGeneration: 0 };
  #client;
  #fires = new Fires((ends) => this.#client.ask({ ended: { ends } }));
  #listeners = new Listeners();
  /** Functions of jobs that are being added. */
  #adding = new Set();
  #advances = [];
  /** Settles `start`; gone once it is settled. */
  #starting;
  #hasStarted = false;
  /** Why calls are rejected now: a code and what comes with it. */
  #over;
  #shutdown;
  #shutdownCap;
  #backoff = FIRST_BACKOFF;
  #opened = 0;
  #reopening;

  /** Starts a scheduler; resolves when its engine is there. */
  static async start(options = {}) {
    const scheduler = new Scheduler(BY_START, options);
    await scheduler.#start(options.paused);
    return scheduler;
  }

  constructor(by, options) {
    if (by !== BY_START) throw new TypeError('use `await Scheduler.start(options)`');
    for (const option of Object.keys(options)) {
      if (!OPTIONS.includes(option)) {
        throw new TypeError(`start: unknown option "${option}"; use ${OPTIONS.join(', ')}`);
      }
    }
    const { storage = 'indexeddb', name = 'baton', locale = navigator.language, clock = 'real' } = options;
    oneOf('storage', storage, STORAGES);
    text('name', name);
    this.#locale = locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
    this.#isKept = storage === 'indexeddb';
    const engineClock = clock === 'real' ? 'real' : { test: { start_ms: instant(clock.start, 'clock.start') } };
    this.#client = new Client({ name, storage, clock: engineClock, samples: [] }, {
      event: (tag, content, at) => this.#heed(tag, content, at),
      role: (role) => this.#roleIs(role),
      advanced: (ms) => this.#advances.shift()?.resolve(new Date(ms)),
      fatal: (code, detail) => this.#fatal(code, detail),
      work: () => this.#fires.work(),
      resumed: () => this.#fires.release(),
    });
  }

  // ------------------------------------------------------------------------------------------------ state

  /** "starting", "running", "draining" or "stopped". */
  get state() {
    return this.#state;
  }

  /** "leader" or "follower". */
  get role() {
    return this.#role;
  }

  /** Whether all jobs are held back. */
  get paused() {
    return this.#isPaused;
  }

  /** How the engine is. */
  get health() {
    return this.#health;
  }

  /** Calls `heed` with events of these kinds ("*" is all); what comes back ends that. */
  on(kinds, heed, options) {
    return this.#listeners.add(kinds, heed, options);
  }

  // ------------------------------------------------------------------------------------------------- jobs

  /** Adds a job; its function is bound by then. */
  async addJob(job, options) {
    const [added] = await this.addJobs([job], options);
    return added;
  }

  /** Adds jobs, all or none, by one command. */
  async addJobs(jobs, { existing = 'replace' } = {}) {
    oneOf('existing', existing, EXISTING);
    const functions = new Map();
    const documents = jobs.map((job) => {
      // A job with an id that none may have is refused, with its reason.
      if (typeof job.run === 'function' && isId(job.id)) functions.set(job.id, job.run);
      return JSON.stringify(storedJob(job));
    });
    const added = await this.#bindWhile(functions, () => this.#ask({ add: { documents, existing } }));
    await this.#unbindBare(jobs);
    return added.map(({ id, next }) => ({ id, nextFire: date(next) }));
  }

  /** Changes some members of a job; null takes one away. */
  async modifyJob(id, { run, ...members }) {
    const functions = new Map(typeof run === 'function' ? [[id, run]] : []);
    const changes = JSON.stringify(storedJob({ run, ...members }));
    await this.#bindWhile(functions, () => this.#ofJob(id, { modify: { job: id, changes } }));
    if (functions.size > 0) await this.#ask({ bind: { jobs: [id] } });
  }

  /** Gives a job another trigger, which counts from now. */
  async rescheduleJob(id, trigger) {
    await this.modifyJob(id, { trigger });
  }

  async pauseJob(id) {
    await this.#ofJob(id, { pause: { job: id } });
  }

  async resumeJob(id) {
    await this.#ofJob(id, { unpause: { job: id } });
  }

  /** Removes a job; its fires under way end by themselves, are aborted, or are waited for. */
  async removeJob(id, { mode = 'let_finish' } = {}) {
    oneOf('mode', snake(mode), REMOVALS);
    await this.#ofJob(id, { remove: { job: id, mode: snake(mode) } });
  }

  async removeAllJobs() {
    await this.#ask('remove_all');
  }

  /** One job, or null. */
  async job(id) {
    if (!isId(id)) return null;
    const jobs = await this.#list({ job: id });
    return jobs.find((job) => job.id === id) ?? null;
  }

  /** The jobs with this tag and in this state, by id. */
  async jobs({ tag, state } = {}) {
    if (tag !== undefined) text('tag', tag);
    if (state !== undefined) oneOf('state', state, STATES);
    return this.#list({ tag, state });
  }

  /** Carries a job out now, besides its schedule. */
  async runNow(id) {
    await this.#ofJob(id, { run_now: { job: id } });
  }

  /** Carries out, one by one, the fires that a job would have had in a time that has passed. */
  async backfill(id, from, until) {
    const span = { from: instant(from, 'from'), until: instant(until, 'until') };
    await this.#ofJob(id, { backfill: { job: id, ...span } });
  }

  async nextFires(id, count = 1) {
    const fires = await this.#ofJob(id, { next_fires: { job: id, count: told(count) } });
    return fires.map(date);
  }

  /** What a trigger says, and its first fires. */
  async preview(trigger, count = 5) {
    const text = JSON.stringify(stored(trigger));
    const fires = await this.#ask({ preview: { trigger: text, count: told(count) } });
    const { describe: [words] } = await this.#say({ describe: [text] });
    return { words, fires: fires.map(date) };
  }

  /** A job's state in sentences. */
  async explain(id) {
    const [view] = isId(id) ? await this.#ask({ list: { filter: { job: id } } }) : [];
    if (!view) throw failure('unknown_job', String(id), this.#locale);
    const { explain: [sentences] } = await this.#say({ explain: [view] });
    return sentences;
  }

  /** Recent fires, the latest first. */
  async history({ job, count = 100 } = {}) {
    const command = { history: { job, count: told(count) } };
    const fires = job === undefined ? await this.#ask(command) : await this.#ofJob(job, command);
    return fires.map(historyView);
  }

  // ------------------------------------------------------------------------------------ functions and all

  /** Binds the function of a job that is there, as each load of a page has to. */
  async bind(id, run) {
    if (typeof run !== 'function') throw new TypeError('bind: give it a function');
    await this.#bindWhile(new Map([[id, run]]), () => this.#ofJob(id, { bind: { jobs: [id] } }));
  }

  async unbind(id) {
    this.#fires.unbind(id);
    await this.#ofJob(id, { unbind: { jobs: [id] } });
  }

  /** Holds all jobs back, in all tabs, until `resume`. */
  async pause() {
    await this.#ask('pause_all');
  }

  async resume() {
    await this.#ask('unpause_all');
  }

  /** All jobs as one document, JSON text. */
  async export() {
    return this.#ask('export');
  }

  /** Adds the jobs of such a document, all or none. */
  async import(document, { existing = 'replace' } = {}) {
    oneOf('existing', existing, EXISTING);
    const text = typeof document === 'string' ? document : JSON.stringify(storedDocument(document));
    const added = await this.#ask({ import: { document: text, existing } });
    // An import binds nothing; what this page has functions for is still its own.
    const ours = added.map(({ id }) => id).filter((id) => this.#fires.has(id));
    if (ours.length > 0) await this.#ask({ bind: { jobs: ours } });
    return added.map(({ id, next }) => ({ id, nextFire: date(next) }));
  }

  /**
   * Stops this page: it begins no more fires, and those under way may end by themselves for `timeout` ms.
   * Then they are aborted, and the worker is ended.
   */
  async shutdown({ wait = true, timeout = 30_000 } = {}) {
    if (this.#state === 'stopped') return;
    if (!(timeout >= 0)) throw new TypeError('shutdown: give `timeout` in milliseconds');
    const timeout_ms = wait ? Math.min(Math.floor(timeout), LONGEST_SHUTDOWN) : 0;
    const over = () => this.#stop('stopped');
    this.#shutdown ??= deferred();
    const { promise } = this.#shutdown;
    if (this.#state === 'starting') {
      over();
    } else {
      this.#state = 'draining';
      clearTimeout(this.#shutdownCap);
      this.#shutdownCap = setTimeout(over, timeout_ms + SHUTDOWN_GRACE);
      // Its answer comes before the last of what is told.
      const answered = () => setTimeout(over, LAST_WORDS);
      this.#client.ask({ shutdown: { wait, timeout_ms } }).then(answered, over);
    }
    await promise;
  }

  /** For tests, with a test clock: moves the engine's clock by `ms`; resolves with its reading. */
  async advance(ms, { throughCalls = false } = {}) {
    this.#live();
    if (!(ms >= 0)) throw new TypeError('advance: give milliseconds');
    const advance = deferred();
    this.#advances.push(advance);
    this.#client.advance(Math.floor(ms), throughCalls);
    return advance.promise;
  }

  // ----------------------------------------------------------------------------------------------- asking

  #live() {
    if (this.#state === 'stopped' || this.#state === 'draining') {
      const [code, detail] = this.#over ?? ['stopped'];
      throw failure(code, detail, this.#locale);
    }
  }

  /** Asks the engine something; resolves with what its reply holds. */
  async #ask(command) {
    this.#live();
    try {
      const [, reply] = tagged(await this.#client.ask(command));
      return reply === undefined ? undefined : tagged(reply)[1];
    } catch (refusal) {
      throw refusal instanceof Error ? refusal : refused(refusal, this.#locale);
    }
  }

  /** Asks something about one job. */
  async #ofJob(id, command) {
    // No job has such an id, and the engine could not read the command.
    if (!isId(id)) throw failure('unknown_job', String(id), this.#locale);
    return this.#ask(command);
  }

  async #list(filter) {
    const views = await this.#ask({ list: { filter } });
    const triggers = views.map(({ document }) => JSON.stringify(JSON.parse(document).trigger));
    const { describe } = views.length === 0 ? { describe: [] } : await this.#say({ describe: triggers });
    return views.map((view, n) => ({ ...jobView(view, describe[n]), bound: this.#fires.has(view.id) }));
  }

  /** Asks for words about triggers and jobs, as of now by the engine's clock. */
  #say({ describe = [], explain = [] }) {
    const [locale, now, standby] = [this.#locale, this.#now, this.#isPaused];
    return this.#client.say({ locale, now, standby, describe, explain });
  }

  /** Binds functions before a command is sent, so that the very first fire finds them. */
  async #bindWhile(functions, command) {
    const undo = this.#fires.bind(functions);
    this.#adding.add(functions);
    try {
      return await command();
    } catch (error) {
      undo();
      throw error;
    } finally {
      this.#adding.delete(functions);
    }
  }

  /** The engine takes a page that adds jobs to have their functions; it may not. */
  async #unbindBare(jobs) {
    const isBare = ({ id, run = 'callback' }) => run === 'callback' && !this.#fires.has(id);
    const bare = jobs.filter(isBare).map(({ id }) => id);
    if (bare.length > 0) await this.#ask({ unbind: { jobs: bare } });
  }

  // ---------------------------------------------------------------------------------------- what is told

  #heed(tag, content, at) {
    this.#now = at;
    if (this.#state === 'stopped') return;
    switch (tag) {
      case 'snapshot':
        this.#healthIs(content.health, at);
        return this.#engineIsThere(at);
      case 'health':
        return this.#healthIs(content, at);
      case 'jobs':
        return content.forEach((event) => this.#heedJob(...tagged(event), at));
    }
  }

  #heedJob(tag, content, at) {
    const fires = content?.fires && firesOf(content.fires);
    const isHere = tag === 'submitted' && content.client === this.#client.id;
    if (isHere && this.#client.isResuming) this.#fires.hold(fires, at);
    else if (isHere) this.#handedOver(fires, at);
    const known = tag === 'ended' ? this.#ended(fires, content.outcome) : undefined;
    if (tag === 'shutdown' && content.client === this.#client.id) return this.#stop('stopped');
    if (tag === 'removed') this.#removed(content.job);
    if (tag === 'all_paused' || tag === 'all_unpaused') this.#isPaused = tag === 'all_paused';
    if (tag === 'unbound' && this.#fires.has(content.job)) this.#tellEngine({ bind: { jobs: [content.job] } });
    if (this.#listeners.wants(kindOf(tag, content))) {
      for (const event of eventsOf(tag, content, at, { fires, isHere, known })) this.#listeners.tell(event);
    } else {
      for (const fire of known ?? []) {
        if (fire?.thrown !== undefined) console.error(`job ${fire.id.job}:`, fire.thrown);
      }
    }
  }

  /** What this page knows of each of these fires, which have ended. */
  #ended(fires, outcome) {
    const [word] = tagged(outcome);
    return fires.map((fire) => this.#fires.ended(fire, word));
  }

  #handedOver(fires, at) {
    const bare = fires.filter(({ job }) => !this.#fires.has(job)).map(({ job }) => job);
    this.#fires.begin(fires, at);
    // Whoever has the function gets the next.
    if (bare.length > 0) this.#tellEngine({ unbind: { jobs: [...new Set(bare)] } });
  }

  #removed(job) {
    const isAddedAnew = [...this.#adding].some((functions) => functions.has(job));
    if (!isAddedAnew) this.#fires.unbind(job);
  }

  /** Sends what nobody waits for. */
  #tellEngine(command) {
    this.#client.ask(command).catch(() => {});
  }

  #engineIsThere(at) {
    if (this.#state !== 'starting') return;
    this.#state = 'running';
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.#tell('scheduler_started', { role: this.#role }, at);
    this.#starting.resolve();
  }

  #healthIs({ store, quarantined, clock_generation: clockGeneration, standby }, at) {
    const before = this.#health;
    this.#isPaused = standby;
    this.#health = {
      store: store ? { message: store.message, failures: store.failures, retryAt: new Date(store.retry_at) } : null,
      quarantined,
      clockGeneration,
    };
    if (store) this.#tell('store_trouble', this.#health.store, at);
    else if (before.store) this.#tell('store_recovered', {}, at);
    if (quarantined > before.quarantined) this.#tell('jobs_quarantined', { count: quarantined }, at);
    const wasSetBack = this.#hasStarted && clockGeneration > before.clockGeneration;
    if (wasSetBack) this.#tell('clock_set_back', { generation: clockGeneration }, at);
  }

  #roleIs(role) {
    const before = this.#role;
    this.#role = role;
    if (this.#hasStarted && before !== role) this.#tell('role_changed', { role });
  }

  #tell(kind, members, at = Date.now()) {
    this.#listeners.tell({ kind, ...members, at: new Date(at) });
  }

  // ---------------------------------------------------------------------------------------- start and end

  async #start(paused) {
    this.#starting = deferred();
    this.#open();
    await this.#starting.promise;
    if (paused !== undefined) await (paused ? this.pause() : this.resume());
    // What has happened since is delivered when the caller has had its turn to listen.
    this.#listeners.open();
  }

  #open() {
    this.#opened = performance.now();
    this.#client.open();
  }

  #fatal(code, detail) {
    if (code === 'bad_message') {
      this.#sayError(code, detail, false);
      return this.#client.rejectAll(() => failure(code, detail, this.#locale));
    }
    const isCrash = code === 'crashed' || code === 'worker';
    if (isCrash && this.#isKept && this.#hasStarted && this.#state !== 'draining') return this.#reopen(code, detail);
    const why = code === 'crashed' ? { ...detail, lost: this.#hasStarted && !this.#isKept } : detail;
    if (this.#hasStarted) this.#sayError(code, why, false);
    this.#stop(code, why);
  }

  /** Starts another worker: jobs and what was committed are in the store, and the page's work goes on. */
  #reopen(code, detail) {
    this.#sayError(code, detail, true);
    this.#state = 'starting';
    this.#client.close();
    if (performance.now() - this.#opened > LONGEST_BACKOFF) this.#backoff = FIRST_BACKOFF;
    this.#reopening = setTimeout(() => this.#open(), this.#backoff);
    this.#backoff = Math.min(this.#backoff * 2, LONGEST_BACKOFF);
  }

  #sayError(code, detail, restarting) {
    const { message } = failure(code, detail, this.#locale);
    this.#tell('scheduler_error', { code, message, restarting });
  }

  #stop(code, detail) {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#over = [code, detail];
    clearTimeout(this.#shutdownCap);
    clearTimeout(this.#reopening);
    this.#client.close();
    this.#fires.abortAll();
    const error = () => failure(code, detail, this.#locale);
    this.#client.rejectAll(error);
    for (const { reject } of [this.#starting, ...this.#advances.splice(0)]) reject(error());
    if (code === 'stopped') this.#tell('scheduler_shutdown', {});
    this.#shutdown?.resolve();
  }
}

function oneOf(what, word, known) {
  if (!known.includes(word)) throw new TypeError(`${what}: unknown word "${word}"; use ${known.join(', ')}`);
}

function text(what, value) {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${what}: give it a text`);
}

/** How much is asked for, as far as the engine tells it. */
function told(count) {
  if (!(count >= 0)) throw new TypeError(`${count} is no count; give a whole number`);
  return Math.min(Math.floor(count), MOST_TOLD);
}

/** Whether a job may have this id: 1 to 128 bytes of letters, digits and . _ : - */
function isId(id) {
  return typeof id === 'string' && /^[\p{L}\p{N}._:-]{1,128}$/u.test(id) && new TextEncoder().encode(id).length <= 128;
}

function storedDocument({ jobs, ...members }) {
  return { ...stored(members), jobs: Array.isArray(jobs) ? jobs.map(storedJob) : jobs };
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
  promise.catch(() => {});
  return { promise, resolve, reject };
}
