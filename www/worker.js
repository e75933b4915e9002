// The engine's dedicated module worker: loads the engine and carries messages, JSON texts, between it
// and its page.
// Works from any folder, since every address is relative to this file.

/** How a question to a module begins: no engine is asked, so that none has to lead. */
const QUESTION = '{"ask":';
/** How a page's first message begins. */
const START = '{"start":';
/** What is said to the page of a worker whose engine runs. */
const LEADS = '{"role":"leader"}';
/** Within a document's text the quotes would be escaped. */
const IN_MEMORY = '"storage":"memory"';
/** Of the engine's health: whether it goes on in memory, above a database that is full. */
const ABOVE_FULL = /"in_memory":(true|false)/;

// Messages may come before the engine is loaded, so they are queued before the first await.
const early = [];
let inMemory = false;
let deliver = (message) => {
  early.push(message);
  if (message.startsWith(START)) inMemory = message.includes(IN_MEMORY);
  if (message.startsWith(START) && showsChains(message)) language().catch(() => {});
};
self.onmessage = ({ data }) => (data.startsWith(QUESTION) ? ask(data) : deliver(data));

/** Of what the browser allows, so much may be used before the oldest evidence goes, and so much is used then. */
const FULL = 0.85;
const ROOMY = 0.7;
const LOOK_MS = 5 * 60_000;
let looking;
/** How much was used when evidence last had to go, until there is room. */
let wasUsed = Infinity;
let aboveFull = 'false';

/** Sees to it, in the tab that leads, that the store does not become full: verdicts need little space. */
function keepRoom() {
  looking ??= setInterval(makeRoom, LOOK_MS);
  makeRoom();
}

async function makeRoom() {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  if (aboveFull === 'true' || !quota || usage < FULL * quota) {
    wasUsed = Infinity;
    return;
  }
  // What takes the space is something else when less evidence did not help: no more of it goes then.
  if (usage >= wasUsed) return;
  try {
    const { evidence } = await order({ retain: { policy: null, free: null } });
    // The space is all that this origin uses, so the evidence may be a small part of it.
    const free = Math.min(Math.ceil(usage - ROOMY * quota), Math.floor(evidence / 2));
    if (free <= 0) return;
    wasUsed = usage;
    await order({ retain: { policy: null, free } });
  } catch {
    // Of an engine that is gone, or of another tab by now: whoever leads looks by itself.
  }
}

let crashed = false;

/** Says once that the worker is gone, and ends it, so that another tab takes its lock. */
function crash(message) {
  if (crashed) return;
  crashed = true;
  deliver = () => {};
  console.error(message);
  self.postMessage(JSON.stringify({ fatal: { crashed: { message } } }));
  self.close();
}

// A trap without a panic (memory, stack) is an error like any other.
self.addEventListener('error', (event) => crash(event.message));
self.addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) crash(String(event.reason));
});

/** A module that is loaded when it is first used. */
async function load(folder, name) {
  const module = await import(`./pkg/${folder}/${name}.js`);
  await module.default({ module_or_path: new URL(`./pkg/${folder}/${name}_bg.wasm`, import.meta.url) });
  return module;
}

/** Whether a page that starts shows chains: all do but those that have jobs, and so an id. */
function showsChains(start) {
  // Within a document's text the quotes of such a key would be escaped.
  return !start.includes('"client":');
}

const loaded = {};

/** A module that is loaded once. What could not be loaded is tried again when it is next needed. */
function once(folder, name) {
  loaded[folder] ??= load(folder, name).catch((error) => {
    delete loaded[folder];
    throw error;
  });
  return loaded[folder];
}

/**
 * The language of chains. A page that shows chains has it loaded beside the engine; for others that is
 * done when there are chains after all.
 */
const language = () => once('verify', 'baton_verify');
const imports = () => once('imports', 'baton_imports');

/** What answers questions, texts both, by the name of who is asked. */
const modules = {
  async words(question) {
    const said = (await once('words', 'baton_words')).say(question);
    if (said === undefined) throw new Error('the question is none');
    return said;
  },
  imports: async (question) => (await imports()).screen(question),
  trial: async (question) => (await trial())(question),
};

/** Answers a question to a module, or says why there is no answer. */
async function ask(message) {
  const { id, of, question } = JSON.parse(message).ask;
  let outcome;
  try {
    outcome = { answer: await modules[of](question) };
  } catch (error) {
    outcome = { error: error?.message ?? String(error) };
  }
  self.postMessage(JSON.stringify({ said: { id, outcome } }));
}

let trying;

/** Tries stages, with the engine's ways to the network and its evidence. */
function trial() {
  const parts = {
    imports,
    language,
    order,
    module: () => once('trial', 'baton_trial'),
    demo: host.demo,
    exchange: async (...sent) => {
      const worker = await engine;
      return new Promise((resolve, reject) => {
        if (!worker.exchange(...sent, resolve)) reject(new Error('the request can not be sent'));
      });
    },
  };
  trying ??= import('./trial.js').then(({ trials }) => trials(parts));
  return trying;
}

/** How long an answer is waited for: a command goes nowhere while no tab leads. */
const PATIENCE = 10_000;
/** Commands of our own that are not answered, by id. */
const orders = new Map();

/** Asks the engine, wherever it runs; resolves with what its reply contains. */
function order(command) {
  const id = crypto.randomUUID?.() ?? `own-${performance.now()}-${Math.random()}`;
  return new Promise((resolve, reject) => {
    orders.set(id, { resolve, reject });
    setTimeout(() => settle(id, 'reject', new Error('no tab does the polling now; try again')), PATIENCE);
    deliver(JSON.stringify({ command: { version: 1, id, command } }));
  });
}

function settle(id, how, what) {
  orders.get(id)?.[how](what);
  orders.delete(id);
}

/** Finds what the engine answers to commands of our own, among what it tells its page. */
function hear(message) {
  if (orders.size === 0) return;
  const told = JSON.parse(message).event?.event;
  if (told?.done) settle(told.done.id, 'resolve', Object.values(told.done.reply)[0]);
  if (told?.refused) settle(told.refused.id, 'reject', new Error(JSON.stringify(told.refused.refusal)));
}

const host = {
  post(message) {
    self.postMessage(message);
    aboveFull = ABOVE_FULL.exec(message)?.[1] ?? aboveFull;
    if (message === LEADS && !inMemory) keepRoom();
    hear(message);
  },
  crash,
  language,
  /** The demo pipeline, loaded when the first `demo:` request is sent. */
  async demo(seed) {
    const { Demo } = await load('pipeline', 'pipeline_web');
    return new Demo(seed);
  },
};

const engine = load('engine', 'baton_engine_web').then(({ EngineWorker }) => new EngineWorker(host));

try {
  const worker = await engine;
  deliver = (message) => worker.receive(message);
  early.splice(0).forEach((message) => deliver(message));
} catch (error) {
  crash(String(error));
}
