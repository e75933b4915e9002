// The rows, one way for all that runs in JavaScript: the same instants, the same delays, the same order.
// What the numbers of workload.json mean is said here; src/ and peers/aps.py do the same in their languages.
//
// A subject is an object with some of these:
//   next(crontab, zone)   a function from an instant to the next fire after it, both in ms
//   passes(crontab, zone) the same, many at once: (first, count) -> the sum of the fires in seconds
//   store                 { most, notes, open(jobs, delays) }: see `each` below
//   burst                 { lead, note, schedule(jobs, due, ran) }: runs `ran` for each job at `due`; the
//                         answer, if any, is what to call at the end

/** Numbers that are random enough and the same in every language. Source: Numerical Recipes, ranqd1. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

/** The instants, in ms, from which next fires are asked for: 2024 to 2033, whole seconds. */
function instants({ count, first_s: first, divisor, seed }) {
  const next = random(seed);
  return Float64Array.from({ length: count }, () => (first + Math.floor(next() / divisor)) * 1000);
}

/** How long from now the jobs of a store are due, in ms, twice for each: first, and when rescheduled. */
function delays({ seed, least_delay_ms: least, divisor }, jobs) {
  const next = random(seed);
  const some = () => Float64Array.from({ length: jobs }, () => least + Math.floor(next() / divisor));
  return { first: some(), second: some() };
}

/** Runs the rows of a group; `emit` gets one object a row. */
export async function measure(subject, group, workload, { emit, memory }) {
  if (group === 'next') nextRows(subject, workload, emit);
  if (group === 'store' || group === 'few') storeRows(subject, group, workload, { emit, memory });
  if (group === 'burst') await burstRows(subject, workload.burst, emit);
}

function nextRows(subject, workload, emit) {
  const all = instants(workload.instants);
  for (const [row, spec] of Object.entries(workload.next)) {
    const pass = subject.passes?.(spec.crontab, spec.zone) ?? passes(subject.next(spec.crontab, spec.zone), all);
    const checksum = String(pass(0, spec.checked));
    emit({ row, unit: 'ns', value: perFire(pass, spec, all.length, workload.slice_ms), checksum });
  }
}

function passes(next, all) {
  return (first, count) => {
    let sum = 0;
    for (let index = first; index < first + count; index++) sum += next(all[index]) / 1000;
    return sum;
  };
}

/** Nanoseconds a fire, over a slice of time. */
function perFire(pass, { chunk }, instants, slice) {
  let done = 0;
  const start = performance.now();
  let took = 0;
  while (took < slice) {
    pass(done % instants, chunk);
    done += chunk;
    took = performance.now() - start;
  }
  return (took * 1e6) / done;
}

/**
 * Makes of a store of single calls one of bulks. A store has `add(index, delay)`; if it can, `pause(index)`,
 * `reschedule(index, delay)` and `pop()`, which takes the earliest and answers its delay; and `close()`.
 */
export function each(open) {
  return (jobs, numbers) => {
    const store = open(jobs);
    const { first, second } = delays(numbers, jobs);
    const mixed = (work) => () => {
      for (let step = 0; step < jobs; step++) work((step * numbers.stride) % jobs);
    };
    return {
      add() {
        for (let index = 0; index < jobs; index++) store.add(index, first[index]);
      },
      reschedule: store.reschedule && mixed((index) => store.reschedule(index, second[index])),
      pause: store.pause && mixed((index) => store.pause(index)),
      pop: store.pop && (() => {
        let sum = 0;
        for (let rank = 1; rank <= jobs; rank++) sum += rank * (store.pop() % 9973);
        return sum;
      }),
      close: () => store.close(),
    };
  };
}

/** Microseconds and bytes a job, over one store or several in turn: of few jobs, the first run on cold code. */
function storeRows(subject, group, workload, { emit, memory }) {
  const { most = Infinity, notes = {}, open } = subject.store;
  const { jobs, stores } = workload[group];
  if (jobs > most) throw new Error(`its store has room for ${most} jobs`);
  const sums = new Map();
  const perJob = (row, unit, value) => sums.set(row, { unit, value: (sums.get(row)?.value ?? 0) + value / (jobs * stores) });
  const checksums = new Map();
  const timed = (row, work) => {
    if (!work) return;
    const start = performance.now();
    const checksum = work();
    perJob(row, 'us', (performance.now() - start) * 1000);
    if (checksum !== undefined) checksums.set(row, String(checksum));
  };
  for (let index = 0; index < stores; index++) {
    const store = open(jobs, workload.delays);
    const before = index === 0 && memory?.();
    timed('add', store.add);
    if (before !== false && memory) perJob('bytes', 'B', (memory() - before) * stores);
    timed('reschedule', store.reschedule);
    timed('pop', store.pop);
    store.close();

    const again = open(jobs, workload.delays);
    again.add();
    timed('pause', again.pause);
    again.close();
  }
  for (const [row, { unit, value }] of sums) {
    emit({ row: `${group}_${row}`, unit, value, checksum: checksums.get(row), note: notes[row] });
  }
}

/** Schedules all jobs for one instant; when that took until then, once more with twice the time. */
async function burstRows(subject, { jobs }, emit) {
  const { lead = 2000, note, schedule } = subject.burst;
  let late;
  for (let time = lead; !late; time *= 2) {
    if (time > 120_000) throw new Error(`scheduling ${jobs} jobs takes more than a minute`);
    late = await burst(schedule, jobs, time);
  }
  late.sort((one, other) => one - other);
  const checksum = String(late.length);
  emit({ row: 'burst_p50', unit: 'ms', value: late[Math.ceil(jobs * 0.5) - 1], checksum, note });
  emit({ row: 'burst_p99', unit: 'ms', value: late[Math.ceil(jobs * 0.99) - 1], checksum, note });
}

/** How late each job ran, in ms; nothing if the instant came before all were scheduled. */
async function burst(schedule, jobs, lead) {
  const now = fineClock();
  const due = Math.ceil((Date.now() + lead) / 1000) * 1000;
  const late = [];
  let all;
  const done = new Promise((resolve) => { all = resolve; });
  const stop = await schedule(jobs, due, () => {
    late.push(now() - due);
    if (late.length === jobs) all();
  });
  const inTime = Date.now() < due - 100;
  await done;
  // Whoever runs a job twice has the time to show it.
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  await stop?.();
  return inTime ? late : undefined;
}

/**
 * The wall clock, finer than whole milliseconds: it is read where a millisecond begins. Of several readings the
 * greatest counts, since one that was interrupted comes out too small.
 */
function fineClock() {
  const reading = () => {
    const before = Date.now();
    let wall = before;
    while (wall === before) wall = Date.now();
    return wall - performance.now();
  };
  const offset = Math.max(...Array.from({ length: 10 }, reading));
  return () => performance.now() + offset;
}
