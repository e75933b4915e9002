// Our own engine, compiled to wasm as it is served. The rows' loops are in the module (src/subject.rs): the
// engine is called from wasm in a page too.

/**
 * The subject of one compiled module: `script` is the address of its bindings, `module` its code or the address
 * of that, `zones` the tables that src/zones.rs reads.
 */
export async function baton({ script, module, zones }) {
  const { default: start, Burst, JobStore, NextFires } = await import(script);
  const { memory } = await start({ module_or_path: module });
  return {
    memory: () => memory.buffer.byteLength,
    passes(crontab, zone) {
      const fires = new NextFires(crontab, zone, zones);
      return (first, count) => fires.pass(first, count);
    },
    store: { open: (jobs) => storeOf(new JobStore(jobs)) },
    burst: {
      note: 'one timer, engine only',
      schedule: (jobs, due, ran) => schedule(new Burst(jobs, due), jobs, due, ran),
    },
  };
}

function storeOf(store) {
  return {
    add: () => store.add(),
    reschedule: () => store.reschedule(),
    pause: () => store.pause(),
    pop: () => store.pop(),
    close: () => store.free(),
  };
}

/** One timer; then every job that is due, each with a function of its own. */
function schedule(burst, jobs, due, ran) {
  const runs = new Array(jobs).fill(ran);
  const wake = () => {
    const now = Date.now();
    // Timers come early.
    if (now < due) return arm();
    for (let jobs = burst.take(now); jobs.length > 0; jobs = burst.take(now)) for (const job of jobs) runs[job]();
  };
  const arm = () => { setTimeout(wake, due - Date.now()); };
  arm();
  return () => burst.free();
}
