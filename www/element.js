// The custom element <baton-board>: a shadow root, its style, its worker, and the screens in it.
// Touches nothing outside itself; works from any folder and any origin, under a strict
// Content-Security-Policy with 'wasm-unsafe-eval'.

import { spawn } from './spawn.js';

const ASSETS = import.meta.url;
const ATTRIBUTES = ['view', 'chain', 'run-id', 'locale', 'theme', 'readonly'];
const OPTIONS = [
  'src', 'definition', 'chain', 'runId', 'view', 'locale', 'theme', 'autorun', 'readonly', 'storage', 'name',
  'clock', 'signal', 'proxyToken',
];
const PROTOCOL = 1;
const NOT_YET = ['headers', 'fetch'];
const STARTING = { en: 'Starting…', zh: '正在启动…' };

// Loaded once a page, however many boards it has, and while the first worker starts.
let loading;
function load() {
  loading ??= Promise.all([screens(), style()]).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function screens() {
  // Asked for beside its script, which has one more to import.
  const wasm = fetch(new URL('./pkg/ui/baton_ui_bg.wasm', ASSETS));
  // Whether it came is seen below, unless the script did not come either.
  wasm.catch(() => {});
  const module = await import('./pkg/ui/baton_ui.js');
  await module.default({ module_or_path: wasm });
  return module;
}

let sheet;
function style() {
  sheet ??= text(new URL('./ui.css', ASSETS)).then((css) => new CSSStyleSheet().replace(css));
  return sheet;
}

async function text(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.text();
}

/** The first worker is started ahead, beside the screens; each later one when it is asked for. */
class Workers {
  /** The one that is at work. */
  current = spawn();
  #taken = false;

  next() {
    if (this.#taken) this.current = spawn();
    this.#taken = true;
    return this.current;
  }

  drop() {
    this.current.terminate();
  }
}

/** Sends a message to a worker, and waits for the first of its messages that `pick` makes something of. */
function exchange(worker, message, pick) {
  return new Promise((resolve) => {
    const listen = ({ data }) => {
      const picked = pick(JSON.parse(data));
      if (picked === undefined) return;
      worker.removeEventListener('message', listen);
      resolve(picked);
    };
    worker.addEventListener('message', listen);
    worker.postMessage(JSON.stringify(message));
  });
}

/** What a document says of itself. Its numbers are not looked at: the engine reads them from its text. */
function head(document) {
  try {
    const { id, name } = JSON.parse(document);
    return { id: typeof id === 'string' ? id : undefined, name: String(name ?? '') };
  } catch {
    // The engine says what is wrong with it.
    return { name: '' };
  }
}

/** An id from a file's name: letters, digits and dashes. */
function slug(url) {
  const file = decodeURIComponent(new URL(url).pathname.split('/').pop() ?? '');
  return file.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'chain';
}

class BatonBoard extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  /** A chain document given by `mount`, an object or JSON text. */
  definition;

  /** The token of the proxy on the page's own server; a property only, so that no markup shows it. */
  proxyToken;

  #handle;
  #workers;
  #advanced = Promise.resolve();
  #root;
  #generation = 0;
  #ready = deferred();

  constructor() {
    super();
    // A board within this one tells its own; its events pass by here too.
    const own = (heed) => (event) => event.target === this && heed(event);
    this.addEventListener('baton-ready', own(() => {
      this.#ready.resolve(this);
      // One that failed first, and was started again, is ready to whoever asks from now on.
      this.#ready = deferred();
      this.#ready.resolve(this);
    }));
    this.addEventListener('baton-error', own(({ detail }) => this.#ready.reject(new Error(detail?.message))));
  }

  /** Resolves when the engine's first word has come; rejects when there is none, or the board is taken off. */
  get ready() {
    return this.#ready.promise;
  }

  connectedCallback() {
    // A move within the document connects again: what runs goes on.
    if (this.#root) return;
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.#root = document.createElement('div');
    this.#root.setAttribute('part', 'root');
    shadow.replaceChildren(this.#root);
    const generation = ++this.#generation;
    this.#start(shadow, generation).catch((error) => {
      // The board may have been taken off, or started again, meanwhile.
      if (this.#generation === generation) this.#fail(error);
    });
  }

  disconnectedCallback() {
    // A move also disconnects; it has connected again by the time the microtask runs.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#handle || before === now) return;
    try {
      this.#handle.update(this.#changeable(name));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Changes locale, theme, readonly, view, chain or runId. */
  update(options) {
    for (const [option, value] of Object.entries(options)) {
      const name = option === 'runId' ? 'run-id' : option;
      if (!ATTRIBUTES.includes(name)) {
        throw new TypeError(`update: unknown option "${option}"; use ${ATTRIBUTES.join(', ')}`);
      }
      set(this, name, value);
    }
  }

  /** Starts a run of the chain with this id or name; resolves with the run's id. */
  run(chain) {
    return this.#live().run(chain);
  }

  /**
   * A report of a run as text: "junit", "json", "csv" (its attempts), "matrix" (its fields, as CSV) or "html" (a page
   * that replays it offline). `run` is the one that is shown unless it is named; `locale` is of the sentences.
   */
  async export(format, { run = this.#live().shown_run(), locale = 'en' } = {}) {
    return (await this.#report(format, run, locale)).text;
  }

  /**
   * For tests, with clock="test:...": moves the engine's clock; resolves with its reading in ms. Time stands while
   * requests are under way, unless it is to pass `throughCalls`; `asleep`, all of it passes at one stroke.
   */
  advance(ms, { throughCalls = false, asleep = false } = {}) {
    this.#live();
    const pace = asleep ? 'asleep' : throughCalls ? 'through_calls' : 'awake';
    const message = { advance: { ms, pace } };
    // One after the other: the answers carry no id.
    const advanced = this.#advanced.then(() =>
      exchange(this.#workers.current, message, (data) => data.advanced?.now_ms),
    );
    this.#advanced = advanced;
    return advanced;
  }

  /**
   * For tests: sends a command of the protocol, such as {poll_now: {run}}.
   * Resolves with {done: reply} or {refused: refusal}.
   */
  send(command) {
    this.#live();
    return this.#order(command);
  }

  /** Takes the board off and ends its worker. */
  destroy() {
    this.#stop();
    this.remove();
  }

  #order(command) {
    const id = crypto.randomUUID();
    return exchange(this.#workers.current, { command: { version: PROTOCOL, id, command } }, (data) => {
      const { done, refused } = data.event?.event ?? {};
      if (done?.id === id) return { done: done.reply };
      if (refused?.id === id) return { refused: refused.refusal };
      return undefined;
    });
  }

  /** A report of a run: { name, mime, text }. What makes it is loaded when the first is asked for. */
  async #report(format, run, locale) {
    if (!run) throw new Error('there is no run to report on; start one, or name it');
    const { report } = await import('./reports/index.js');
    return report((command) => this.#order(command), format, run, locale);
  }

  #live() {
    if (!this.#handle) throw new Error('the board has not started; await its `ready` first');
    return this.#handle;
  }

  async #start(shadow, generation) {
    this.#workers = new Workers();
    const sheetReady = style().then((sheet) => {
      shadow.adoptedStyleSheets = [sheet];
      if (this.#generation === generation && !this.#handle) this.#root.append(skeleton(this));
    });
    const [[module], options] = await Promise.all([load(), this.#options(), sheetReady]);
    if (this.#generation !== generation) return;
    this.#root.replaceChildren();
    const workers = this.#workers;
    this.#handle = module.mount(this, this.#root, options, () => workers.next());
  }

  #stop() {
    this.#ready.reject(new DOMException('the board was taken off before it was ready', 'AbortError'));
    this.#ready = deferred();
    if (!this.#root) return;
    this.#generation += 1;
    this.#handle?.free();
    this.#handle = undefined;
    this.#workers?.drop();
    this.#workers = undefined;
    this.#root.remove();
    this.#root = undefined;
  }

  #fail(error) {
    const message = String(error?.message ?? error);
    this.#ready.reject(error);
    if (this.#root && !this.#handle) {
      this.#workers?.drop();
      const words = document.createElement('p');
      words.className = 'early-error';
      words.setAttribute('role', 'alert');
      words.textContent = message;
      this.#root.replaceChildren(words);
    }
    this.dispatchEvent(new CustomEvent('baton-error', { bubbles: true, composed: true, detail: { message } }));
  }

  async #options() {
    const options = { page: this.hasAttribute('page'), autorun: this.hasAttribute('autorun') };
    for (const name of ['storage', 'name', 'clock', 'view', 'chain', 'run-id', 'locale', 'theme']) {
      if (this.hasAttribute(name)) options[camel(name)] = this.getAttribute(name);
    }
    options.readonly = this.hasAttribute('readonly');
    options.proxyToken = this.proxyToken;
    options.saveReport = async (...asked) => save(await this.#report(...asked));
    if (options.page) options.notices = async (what, ...asked) => (await import('./notices.js'))[what](...asked);
    const source = await this.#source();
    if (source) options.source = source;
    else options.samples = await this.#samples();
    return options;
  }

  async #source() {
    if (this.definition !== undefined) {
      const given = this.definition;
      const document = typeof given === 'string' ? given : JSON.stringify(given, null, 2);
      return { id: this.getAttribute('chain') ?? head(document).id ?? 'chain', document };
    }
    if (!this.hasAttribute('src')) return undefined;
    const url = new URL(this.getAttribute('src'), this.baseURI);
    const document = await text(url);
    return { id: head(document).id ?? slug(url), document };
  }

  async #samples() {
    const files = (this.getAttribute('samples') ?? '').split(/\s+/).filter(Boolean);
    const documents = await Promise.all(files.map((file) => text(new URL(file, ASSETS))));
    return documents.map((document) => ({ name: head(document).name, document }));
  }

  /** What `update` of the screens needs for one changed attribute; the screen's three go together. */
  #changeable(name) {
    const value = (name) => this.getAttribute(name) ?? undefined;
    switch (name) {
      case 'readonly':
        return { readonly: this.hasAttribute('readonly') };
      case 'locale':
        return { locale: value('locale') ?? navigator.language };
      case 'theme':
        return { theme: value('theme') ?? 'auto' };
      default:
        return { view: value('view') ?? 'board', chain: value('chain'), runId: value('run-id') };
    }
  }
}

/** Has the browser save a file. */
function save({ name, mime, text }) {
  // Spreadsheets take a table for UTF-8 by the mark at its beginning.
  const parts = mime === 'text/csv' ? ['\ufeff', text] : [text];
  const href = URL.createObjectURL(new Blob(parts, { type: mime }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  // Once the browser has it.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

function camel(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function set(element, name, value) {
  if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
  // A board whose `ready` nobody awaits says its failure by `baton-error` alone.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** What is seen until the screens are there: the same outline that they begin with. */
function skeleton(host) {
  const zh = (host.getAttribute('locale') ?? navigator.language).toLowerCase().startsWith('zh');
  const outline = document.createElement('div');
  outline.className = 'baton';
  outline.lang = zh ? 'zh-CN' : 'en';
  outline.dataset.theme = host.getAttribute('theme') ?? 'auto';
  outline.dataset.mode = host.hasAttribute('page') ? 'page' : 'embedded';
  const starting = document.createElement('div');
  starting.className = 'starting early';
  const words = document.createElement('p');
  words.textContent = zh ? STARTING.zh : STARTING.en;
  const bones = [0, 1, 2].map(() => Object.assign(document.createElement('div'), { className: 'bone' }));
  starting.append(words, ...bones);
  outline.append(starting);
  return outline;
}

if (!customElements.get('baton-board')) customElements.define('baton-board', BatonBoard);

/**
 * Puts a board into an element of a page.
 * Resolves, once it is live, with { element, update, run, export, destroy }.
 */
export async function mount(parent, options = {}) {
  for (const option of Object.keys(options)) {
    if (NOT_YET.includes(option)) throw new TypeError(`mount: the option "${option}" is not supported yet`);
    if (!OPTIONS.includes(option)) {
      throw new TypeError(`mount: unknown option "${option}"; use ${OPTIONS.join(', ')}`);
    }
  }
  const { definition, proxyToken, signal, ...attributes } = options;
  signal?.throwIfAborted();
  const element = document.createElement('baton-board');
  element.definition = definition;
  element.proxyToken = proxyToken;
  for (const [option, value] of Object.entries(attributes)) {
    set(element, option === 'runId' ? 'run-id' : option, value);
  }
  parent.append(element);
  signal?.addEventListener('abort', () => element.destroy(), { once: true });
  try {
    await element.ready;
  } catch (error) {
    element.destroy();
    throw error;
  }
  return {
    element,
    update: (changes) => element.update(changes),
    run: (chain) => element.run(chain),
    export: (format, options) => element.export(format, options),
    destroy: () => element.destroy(),
  };
}
