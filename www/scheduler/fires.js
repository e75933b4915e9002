// The work of this page: functions by job, fires under way, and their ends, reported together.

import { fireLists } from './names.js';
import { soon } from './soon.js';

/** The longest error message that is reported, in characters. */
const LONGEST_MESSAGE = 1000;

const REASONS = {
  timed_out: () => new DOMException('the fire took longer than its job allows', 'TimeoutError'),
  aborted: () => new DOMException('the fire was aborted', 'AbortError'),
  abandoned: () => new DOMException('the fire was taken for abandoned', 'AbortError'),
};

/** How far a fire of this page is. */
const HELD = 'held';
const BEGUN = 'begun';
/** Its end is known to the engine, which has not told it yet. */
const REPORTED = 'reported';

export class Fires {
  #functions = new Map();
  /** The fires that are here, by job; mostly one. */
  #here = new Map();
  #ended = [];
  #report;
  #flushSoon = soon(() => this.#flush());

  /** `report` tells the engine of ends, and resolves when it knows of them. */
  constructor(report) {
    this.#report = report;
  }

  // -------------------------------------------------------------------------------------------- functions

  /** Binds functions by job; what comes back takes that back. */
  bind(functions) {
    const before = [...functions.keys()].map((job) => [job, this.#functions.get(job)]);
    for (const [job, work] of functions) this.#functions.set(job, work);
    return () => {
      for (const [job, work] of before) {
        // Bound anew since: that one stays.
        if (this.#functions.get(job) !== functions.get(job)) continue;
        if (work) this.#functions.set(job, work);
        else this.#functions.delete(job);
      }
    };
  }

  unbind(job) {
    this.#functions.delete(job);
  }

  has(job) {
    return this.#functions.has(job);
  }

  /** What this page takes up with an engine. What is held is not begun: the engine takes it for abandoned. */
  work() {
    for (const fire of this.#all()) {
      if (fire.state !== BEGUN) this.#forget(fire);
    }
    const executing = this.#all().map(({ id }) => id);
    return { jobs: [...this.#functions.keys()], executing };
  }

  // ------------------------------------------------------------------------------------------------ fires

  /** Begins fires that were handed over at `at`, unless they are here. */
  begin(ids, at) {
    for (const id of ids) {
      if (this.#find(id) === undefined) this.#begin(this.#add(new Fire(id)), at);
    }
  }

  /** Keeps fires that were handed over, until it is known whether this page is still meant. */
  hold(ids, at) {
    for (const id of ids) {
      if (this.#find(id) === undefined) this.#add(new Fire(id)).heldSince = at;
    }
  }

  release() {
    for (const fire of this.#all()) {
      if (fire.state === HELD) this.#begin(fire, fire.heldSince);
    }
  }

  /** The engine says that a fire has ended. Comes back with what this page knows of it, if it was here. */
  ended(id, outcome) {
    const fire = this.#find(id);
    if (fire === undefined) return undefined;
    this.#forget(fire);
    if (fire.state === HELD) return undefined;
    const reason = REASONS[outcome];
    if (reason) fire.abort(reason());
    return fire;
  }

  abortAll() {
    const all = this.#all();
    this.#here.clear();
    this.#ended = [];
    for (const fire of all) {
      if (fire.state === BEGUN) fire.abort(REASONS.aborted());
    }
  }

  #begin(fire, at) {
    fire.state = BEGUN;
    const work = this.#functions.get(fire.id.job);
    if (!work) return this.#fail(fire, new Error('no function is bound'));
    try {
      const result = work(new Context(fire, at));
      if (typeof result?.then === 'function') {
        Promise.resolve(result).then((result) => this.#pass(fire, result), (thrown) => this.#fail(fire, thrown));
      } else {
        this.#pass(fire, result);
      }
    } catch (thrown) {
      this.#fail(fire, thrown);
    }
  }

  #pass(fire, result) {
    fire.result = result;
    this.#end(fire, null);
  }

  #fail(fire, thrown) {
    fire.thrown = thrown;
    this.#end(fire, words(thrown));
  }

  #end(fire, error) {
    // One that was aborted meanwhile has ended: what it comes to is of no interest any more.
    if (!this.#has(fire)) return;
    fire.error = error;
    this.#ended.push(fire);
    if (this.#ended.length === 1) this.#flushSoon();
  }

  /** Ten thousand fires may end in one turn: one command tells of all. */
  #flush() {
    const ended = this.#ended;
    this.#ended = [];
    if (ended.length === 0) return;
    const known = () => {
      for (const fire of ended) fire.state = REPORTED;
    };
    this.#report(endsOf(ended)).then(known, known);
  }

  // ------------------------------------------------------------------------------------------------- here

  /** A fire's own, over the whole life of a job, and of another that was added under its id. */
  #find({ job, generation, scheduled_at: scheduled, number }) {
    return this.#here.get(job)?.find(({ id }) => {
      return id.number === number && id.scheduled_at === scheduled && id.generation === generation;
    });
  }

  #has(fire) {
    return this.#here.get(fire.id.job)?.includes(fire) ?? false;
  }

  #add(fire) {
    const { job } = fire.id;
    const others = this.#here.get(job);
    if (others) others.push(fire);
    else this.#here.set(job, [fire]);
    return fire;
  }

  #forget(fire) {
    const { job } = fire.id;
    const others = this.#here.get(job)?.filter((other) => other !== fire) ?? [];
    if (others.length > 0) this.#here.set(job, others);
    else this.#here.delete(job);
  }

  #all() {
    return [...this.#here.values()].flat();
  }
}

/** A fire that was handed over. Its signal is made when it is asked for: most functions never do. */
class Fire {
  state = HELD;
  heldSince = undefined;
  result = undefined;
  thrown = undefined;
  error = null;
  #controller;

  constructor(id) {
    this.id = id;
  }

  get signal() {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason) {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}

/** What a function is told of its fire. */
class Context {
  #fire;

  constructor(fire, at) {
    const { job, scheduled_at: scheduled, number, cause } = fire.id;
    this.#fire = fire;
    this.job = job;
    this.scheduledAt = new Date(scheduled);
    this.lateMs = at - scheduled;
    this.number = number;
    this.cause = cause;
  }

  get signal() {
    return this.#fire.signal;
  }
}

/** Fires that have ended, as they are reported: those that ended alike together. */
function endsOf(ended) {
  const groups = new Map();
  for (const { id, error } of ended) {
    const alike = groups.get(error);
    if (alike) alike.push(id);
    else groups.set(error, [id]);
  }
  return [...groups].flatMap(([error, ids]) => fireLists(ids).map((fires) => ({ fires, error })));
}

/** What was thrown, as words: anything may be. */
function words(thrown) {
  let said;
  try {
    said = String(thrown?.message || thrown);
  } catch {
    said = 'something without words was thrown';
  }
  return said.length > LONGEST_MESSAGE ? `${said.slice(0, LONGEST_MESSAGE)}…` : said;
}
