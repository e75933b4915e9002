// Between JavaScript's forms and the stored ones: camelCase and snake_case, Date and text or number,
// milliseconds and durations. What is already in the stored form passes unchanged.

/** Members of a job that are durations: a number of them is milliseconds. */
const DURATIONS = ['misfire_grace', 'fire_timeout'];
/** The last instant of a Date, in ms. */
const MOST_MS = 8.64e15;
const OVERLAPS = { bufferOne: 'buffer_one' };

/** Whether a key is its author's own, and so is what stands there. */
const isOwn = (key) => key.startsWith('x-');

/** `dayOfWeek` to `day_of_week`. */
export function snake(key) {
  return isOwn(key) ? key : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `day_of_week` to `dayOfWeek`. */
export function camel(key) {
  return isOwn(key) ? key : key.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** A value with its keys renamed, at every depth; dates are ISO texts. */
export function stored(value) {
  if (value instanceof Date) return value.toISOString();
  return renamed(value, snake, stored);
}

/** A stored value as JavaScript has it. */
export function shown(value) {
  return renamed(value, camel, shown);
}

function renamed(value, name, within) {
  if (Array.isArray(value)) return value.map(within);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]) => [name(key), isOwn(key) ? member : within(member)]);
  return Object.fromEntries(entries);
}

/** A job, or some members of one, as it is stored. Its function stays on the page. */
export function storedJob({ run, ...members }) {
  const job = stored(members);
  for (const key of DURATIONS) {
    if (typeof job[key] === 'number') job[key] = `${job[key]}ms`;
  }
  if (Object.hasOwn(OVERLAPS, job.overlap)) job.overlap = OVERLAPS[job.overlap];
  if (run !== undefined) job.run = typeof run === 'function' ? 'callback' : stored(run);
  return job;
}

/** An instant as a Date; null when there is none. */
export function date(ms) {
  return ms === undefined || ms === null ? null : new Date(ms);
}

/** An instant in milliseconds, from a Date, a text or milliseconds. */
export function instant(value, what) {
  const ms = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number(value ?? NaN);
  if (!(Math.abs(ms) <= MOST_MS)) throw new TypeError(`${what} is no instant; give a Date, an ISO text or milliseconds`);
  return Math.floor(ms);
}

/** A job as its reader sees it: the members of its document, how it is, and its trigger in words. */
export function jobView(view, words) {
  const { overlap, ...members } = shown(JSON.parse(view.document));
  return {
    name: null,
    run: 'callback',
    misfireGrace: null,
    coalesce: 'latest',
    overlap: overlap === 'buffer_one' ? 'bufferOne' : (overlap ?? 'skip'),
    maxFires: null,
    fireTimeout: null,
    priority: 0,
    tags: [],
    ...members,
    paused: view.state === 'paused',
    state: view.state,
    words,
    nextFire: date(view.next),
    lastFire: date(view.last),
    fires: view.fires,
    skipped: view.skipped,
    underWay: view.under_way,
  };
}

/** Which fire it is. */
export function fireView(fire) {
  return {
    job: fire.job,
    number: fire.number,
    scheduledAt: new Date(fire.scheduled_at),
    cause: fire.cause,
    generation: fire.generation,
  };
}

/** The fires of a list that is told in columns, one by one. */
export function firesOf({ generation, cause, jobs, scheduled_at: scheduled, numbers }) {
  const [nextInstant, nextNumber] = [valuesOf(scheduled), valuesOf(numbers)];
  return jobs.map((job) => ({ job, generation, scheduled_at: nextInstant(), number: nextNumber(), cause }));
}

/** Fires in columns: each list of those that have a generation and a cause in common. */
export function fireLists(fires) {
  const lists = new Map();
  for (const { job, generation, scheduled_at: scheduled, number, cause } of fires) {
    const common = `${generation}/${cause}`;
    let list = lists.get(common);
    if (!list) lists.set(common, (list = { generation, cause, jobs: [], scheduled_at: [], numbers: [] }));
    list.jobs.push(job);
    addTo(list.scheduled_at, scheduled);
    addTo(list.numbers, number);
  }
  return [...lists.values()];
}

/** Adds a value to runs. */
function addTo(runs, value) {
  const last = runs.length - 2;
  if (last >= 0 && runs[last] === value) runs[last + 1] += 1;
  else runs.push(value, 1);
}

/** Gives the values of runs, `[value, count, …]`, one at each call. */
function valuesOf(runs) {
  let at = 0;
  let left = runs[1] ?? 0;
  return () => {
    while (left === 0 && at + 2 < runs.length) {
      at += 2;
      left = runs[at + 1];
    }
    left -= 1;
    return runs[at];
  };
}

/** A fire of the past, or one that is under way. */
export function historyView({ fire, begun_at, ended_at, outcome, run }) {
  const [word, detail] = outcome ? tagged(outcome) : [null];
  return {
    ...fireView(fire),
    begunAt: new Date(begun_at),
    endedAt: date(ended_at),
    lateMs: begun_at - fire.scheduled_at,
    outcome: word === 'failed' ? 'error' : word,
    error: detail?.message ?? null,
    run: run ?? null,
  };
}

/** The parts of a tagged value: `"tag"`, or `{"tag": content}`. */
export function tagged(value) {
  return typeof value === 'string' ? [value, undefined] : Object.entries(value)[0];
}
