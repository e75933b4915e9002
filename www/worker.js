// The engine's dedicated module worker: loads the engine and carries messages, JSON texts, between it
// and its page.
// Works from any folder, since every address is relative to this file.

/** How a message begins that asks for words: no engine is asked, so that none has to lead. */
const QUESTION = '{"say":';
/** How a page's first message begins. */
const START = '{"start":';

// Messages may come before the engine is loaded, so they are queued before the first await.
const early = [];
let deliver = (message) => {
  early.push(message);
  if (message.startsWith(START) && showsChains(message)) language().catch(() => {});
};
self.onmessage = ({ data }) => (data.startsWith(QUESTION) ? say(data) : deliver(data));

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

let loadedLanguage;

/**
 * The language of chains. A page that shows chains has it loaded beside the engine; for others that is
 * done when there are chains after all. What could not be loaded is tried again when it is next needed.
 */
function language() {
  loadedLanguage ??= load('verify', 'baton_verify').catch((error) => {
    loadedLanguage = undefined;
    throw error;
  });
  return loadedLanguage;
}

let words;

/** Answers a question for words of jobs and triggers, or says why there are none. */
async function say(message) {
  const { id, question } = JSON.parse(message).say;
  let answer;
  try {
    words ??= load('words', 'baton_words');
    const said = (await words).say(JSON.stringify(question));
    answer = said === undefined ? { error: 'the question is none' } : { words: JSON.parse(said) };
  } catch (error) {
    words = undefined;
    answer = { error: String(error) };
  }
  self.postMessage(JSON.stringify({ said: { id, ...answer } }));
}

const host = {
  post: (message) => self.postMessage(message),
  crash,
  language,
  /** The demo pipeline, loaded when the first `demo:` request is sent. */
  async demo(seed) {
    const { Demo } = await load('pipeline', 'pipeline_web');
    return new Demo(seed);
  },
};

try {
  const { EngineWorker } = await load('engine', 'baton_engine_web');
  const worker = new EngineWorker(host);
  deliver = (message) => worker.receive(message);
  early.splice(0).forEach((message) => deliver(message));
} catch (error) {
  crash(String(error));
}
