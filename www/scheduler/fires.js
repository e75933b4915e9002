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

export class Fires {
  #functions = new Map();
  /** Fires that were begun and whose end the engine does not know, by key. */
  #begun = new Map();
  /** Fires whose end the engine knows, and has not told yet, by key. */
  #known = new Map();
  /** Fires that were handed over, and must not begin yet. */
  #held = new Map();
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
    this.#held.clear();
    this.#known.clear();
    const executing = [...this.#begun.values()].map(({ id }) => id);
    return { jobs: [...this.#functions.keys()], executing };
  }

  // ------------------------------------------------------------------------------------------------ fires

  /** Begins fires that were handed over at `at`, unless they are under way. */
  begin(ids, at) {
    for (const id of ids) this.#begin(id, at);
  }

  /** Keeps fires that were handed over, until it is known whether this page is still meant. */
  hold(ids, at) {
    for (const id of ids) this.#held.set(key(id), { id, at });
  }

  release() {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const { id, at } of held) this.#begin(id, at);
  }

  /** The engine says that a fire has ended. Comes back with what this page knows of it, if it was here. */
  ended(id, outcome) {
    const place = key(id);
    this.#held.delete(place);
    const fire = this.#begun.get(place) ?? this.#known.get(place);
    if (!fire) return undefined;
    this.#begun.delete(place);
    this.#known.delete(place);
    const reason = REASONS[outcome];
    if (reason) fire.abort(reason());
    return fire;
  }

  abortAll() {
    for (const fire of this.#begun.values()) fire.abort(REASONS.aborted());
    this.#begun.clear();
    this.#known.clear();
    this.#held.clear();
    this.#ended = [];
  }

  #begin(id, at) {
    const place = key(id);
    if (this.#begun.has(place) || this.#known.has(place)) return;
    const fire = new Fire(id, place);
    this.#begun.set(place, fire);
    const work = this.#functions.get(id.job);
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
    if (this.#begun.get(fire.place) !== fire) return;
    this.#ended.push({ fire, error });
    this.#flushSoon();
  }

  /** Ten thousand fires may end in one turn: one command tells of all. */
  #flush() {
    const ended = this.#ended;
    this.#ended = [];
    if (ended.length === 0) return;
    const known = () => {
      for (const { fire } of ended) {
        if (this.#begun.get(fire.place) !== fire) continue;
        this.#begun.delete(fire.place);
        this.#known.set(fire.place, fire);
      }
    };
    this.#report(endsOf(ended)).then(known, known);
  }
}

/** A fire that was begun here. Its signal is made when it is asked for: most functions never do. */
class Fire {
  result = undefined;
  thrown = undefined;
  #controller;

  constructor(id, place) {
    this.id = id;
    this.place = place;
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
  const groups = Map.groupBy(ended, ({ error }) => error);
  return [...groups].flatMap(([error, alike]) => {
    return fireLists(alike.map(({ fire }) => fire.id)).map((fires) => ({ fires, error }));
  });
}

/** A fire's own, over the whole life of a job, and of another that was added under its id. */
function key({ job, generation, scheduled_at: scheduled, number }) {
  return `${job}/${number}/${scheduled}/${generation}`;
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
