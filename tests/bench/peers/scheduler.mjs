// Our own scheduler as a page uses it: the page, the worker, the engine, and back to functions on the page.

/** The subject of the served scheduler.js at `script`, over one of its storages. */
export async function scheduler({ script, storage }) {
  const { Scheduler } = await import(script);
  return {
    burst: {
      lead: 8000,
      note: 'page, worker and back',
      async schedule(jobs, due, ran) {
        const started = await Scheduler.start({ storage, name: `bench-${due}` });
        const trigger = { type: 'date', run_date: new Date(due).toISOString() };
        await started.addJobs(Array.from({ length: jobs }, (_, index) => ({ id: `job-${index}`, trigger, run: ran })));
        return () => started.shutdown({ wait: false });
      },
    },
  };
}
