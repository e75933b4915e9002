// The engine's dedicated module worker: loads the engine and carries messages, JSON texts, between it
// and its page.
// Works from any folder, since every address is relative to this file.

// Messages may come before the engine is loaded, so they are queued before the first await.
const early = [];
let deliver = (message) => early.push(message);
self.onmessage = (event) => deliver(event.data);

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

const host = {
  post: (message) => self.postMessage(message),
  crash,
  /** The demo pipeline, loaded when the first `demo:` request is sent. */
  async demo(seed) {
    const pipeline = await import('./pkg/pipeline/pipeline_web.js');
    const wasm = new URL('./pkg/pipeline/pipeline_web_bg.wasm', import.meta.url);
    await pipeline.default({ module_or_path: wasm });
    return new pipeline.Demo(seed);
  },
};

try {
  const engine = await import('./pkg/engine/baton_engine_web.js');
  const wasm = new URL('./pkg/engine/baton_engine_web_bg.wasm', import.meta.url);
  await engine.default({ module_or_path: wasm });
  const worker = new engine.EngineWorker(host);
  deliver = (message) => worker.receive(message);
  early.splice(0).forEach((message) => deliver(message));
} catch (error) {
  crash(String(error));
}
