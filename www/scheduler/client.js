// The link to the engine's worker: sends commands, repeats what was not answered, and passes on what is
// told. Knows no job.
//
// Repeating a command is harmless by the protocol, so whatever may have been lost (a gap in the
// stream, a new leader, a new worker, silence) is simply sent again.

import { spawn } from '../spawn.js';
import { tagged } from './names.js';

const PROTOCOL = 1;
/** How long a command may have no answer before it is sent again, in ms; doubled each time. */
const FIRST_PATIENCE = 2000;
const LONGEST_PATIENCE = 30_000;
/** How often that is looked at, in ms. */
const LOOK_EVERY = 500;

export class Client {
  /** This page, for one load. */
  id = crypto.randomUUID();

  #start;
  #heed;
  #worker;
  #heard = false;
  #role;
  // Of the event that was heard last.
  #epoch = 0;
  #seq = 0;
  /** Commands without an answer, by id. */
  #open = new Map();
  /** Questions for words that are not answered, by id. */
  #questions = new Map();
  /** The ids of the `subscribe` and of the `resume` that are not answered. */
  #subscribing;
  #resuming;
  #timer;

  /**
   * `start` is the worker's first message. `heed` is told what happens: `event(tag, content, at)`,
   * `role(role)`, `advanced(ms)`, `fatal(code, detail)`, and `resumed()`; and asked for what this page
   * takes up with a new engine: `work()`.
   */
  constructor(start, heed) {
    this.#start = { ...start, client: this.id };
    this.#heed = heed;
  }

  /** Starts a worker, in place of an earlier one. What that one left open is sent to this one. */
  open() {
    this.close();
    const worker = spawn();
    this.#worker = worker;
    const own = (take) => (event) => this.#worker === worker && take(event);
    worker.onmessage = own(({ data }) => this.#take(JSON.parse(data)));
    worker.onerror = own((event) => {
      event.preventDefault();
      const message = event.message || 'the browser gives no reason';
      this.#heed.fatal(this.#heard ? 'crashed' : 'worker', { message });
    });
    this.#post({ start: this.#start });
    this.#subscribe();
    for (const [id, { question }] of this.#questions) this.#ask(id, question);
  }

  /** Ends the worker; commands stay open. */
  close() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#heard = false;
    this.#role = undefined;
    this.#epoch = 0;
    this.#seq = 0;
    // These two were meant for this worker's engine.
    this.#open.delete(this.#subscribing);
    this.#open.delete(this.#resuming);
    this.#resuming = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Rejects whatever is open with what `error` makes. */
  rejectAll(error) {
    const open = [...this.#open.values(), ...this.#questions.values()];
    this.#open.clear();
    this.#questions.clear();
    for (const { reject } of open) reject(error());
  }

  /** Sends a command about jobs. Resolves with its reply, rejects with its refusal. */
  ask(command) {
    return this.#send(crypto.randomUUID(), { jobs: { client: this.id, command } });
  }

  /** Asks for words. The own worker makes them, whoever leads. */
  say(question) {
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.#questions.set(id, { question, resolve, reject });
      this.#ask(id, question);
    });
  }

  /** Moves the worker's test clock. */
  advance(ms, throughCalls) {
    this.#post({ advance: { ms, pace: throughCalls ? 'through_calls' : 'awake' } });
  }

  /** Whether the engine has not said yet which fires it takes this page to be at. */
  get isResuming() {
    return this.#resuming !== undefined;
  }

  // ---------------------------------------------------------------------------------------- to the worker

  #send(id, command) {
    const text = JSON.stringify({ command: { version: PROTOCOL, id, command } });
    return new Promise((resolve, reject) => {
      const open = { text, resolve, reject, sent: 0, patience: FIRST_PATIENCE };
      this.#open.set(id, open);
      this.#sendOpen(open);
      this.#watch();
    });
  }

  #ask(id, question) {
    this.#post({ ask: { id, of: 'words', question: JSON.stringify(question) } });
  }

  #sendOpen(open) {
    open.sent = performance.now();
    this.#worker?.postMessage(open.text);
  }

  #post(message) {
    this.#worker?.postMessage(JSON.stringify(message));
  }

  /** Asks for a snapshot, unless one is on its way. */
  #subscribe() {
    if (this.#open.has(this.#subscribing)) return;
    this.#subscribing = crypto.randomUUID();
    this.#send(this.#subscribing, 'subscribe').catch(() => {});
  }

  /** Tells an engine what this page is at; what it is not at any more counts as abandoned. */
  #resume() {
    // A later one says all that an earlier one did.
    if (this.#resuming !== undefined) this.#open.delete(this.#resuming);
    const id = crypto.randomUUID();
    this.#resuming = id;
    const answered = () => {
      if (this.#resuming !== id) return;
      this.#resuming = undefined;
      this.#heed.resumed();
    };
    const command = { resume: this.#heed.work() };
    this.#send(id, { jobs: { client: this.id, command } }).then(answered, answered);
  }

  /** Sees to it that silence is noticed while anything is awaited. */
  #watch() {
    this.#timer ??= setTimeout(() => this.#lookAround(), LOOK_EVERY);
  }

  #lookAround() {
    this.#timer = undefined;
    if (!this.#worker || this.#open.size === 0) return;
    const now = performance.now();
    for (const [id, open] of [...this.#open]) {
      if (now - open.sent < open.patience) continue;
      open.patience = Math.min(open.patience * 2, LONGEST_PATIENCE);
      // What this page is at may have changed since.
      if (id === this.#resuming) this.#resume();
      else this.#sendOpen(open);
    }
    this.#watch();
  }

  // -------------------------------------------------------------------------------------- from the worker

  #take(message) {
    this.#heard = true;
    const [tag, content] = tagged(message);
    switch (tag) {
      case 'event':
        return this.#event(content);
      case 'role':
        return this.#roleIs(content);
      case 'advanced':
        return this.#heed.advanced(content.now_ms);
      case 'said':
        return this.#said(content);
      case 'fatal':
        return this.#heed.fatal(...tagged(content));
    }
  }

  #said({ id, outcome: { answer, error } }) {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    if (error === undefined) question?.resolve(JSON.parse(answer));
    else question?.reject(new Error(`there are no words: ${error}`));
  }

  #roleIs(role) {
    const before = this.#role;
    this.#role = role;
    // What was told while nobody led is lost.
    if (before !== undefined && before !== role) this.#subscribe();
    this.#heed.role(role);
  }

  #event({ epoch, seq, at, event }) {
    const [tag, content] = tagged(event);
    // Answers count whoever gives them: they rest on what was committed.
    if (tag === 'done') this.#settle(content.id, ({ resolve }) => resolve(content.reply));
    if (tag === 'refused') this.#settle(content.id, ({ reject }) => reject(content.refusal));
    const isStale = epoch < this.#epoch || (epoch === this.#epoch && seq <= this.#seq);
    if (isStale) return;
    const isInStep = epoch === this.#epoch && seq === this.#seq + 1;
    this.#epoch = epoch;
    this.#seq = seq;
    if (tag === 'snapshot') this.#open.delete(this.#subscribing);
    if (!isInStep) this.#catchUp(tag === 'snapshot');
    this.#heed.event(tag, content, at);
  }

  /** A new engine, or a gap: whatever was under way may be lost. */
  #catchUp(hasSnapshot) {
    const open = [...this.#open].filter(([id]) => id !== this.#resuming);
    // First, so that an engine hears of fires under way before anything begins new ones.
    this.#resume();
    if (!hasSnapshot) this.#subscribe();
    for (const [, one] of open) this.#sendOpen(one);
  }

  #settle(id, settle) {
    const open = this.#open.get(id);
    // Answers to other pages' commands pass by here too.
    if (!open) return;
    this.#open.delete(id);
    settle(open);
  }
}
