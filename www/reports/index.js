// Reports of a run: asks the engine for all that it has of one, and makes a file of it. Loaded with what makes
// the texts, a wasm module, when the first report is asked for.

const FORMATS = ['junit', 'json', 'csv', 'matrix', 'html'];

/** So much of a run's requests and answers is taken along, in characters; a replay says what was left out. */
const MOST_EVIDENCE = 5_000_000;
/** The matrix is taken along with so many of its systems as the reference. */
const MOST_REFERENCES = 12;

let loading;

/** The module that makes the texts. What could not be loaded is tried again with the next report. */
function texts() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  const module = await import('../pkg/reports/baton_reports.js');
  await module.default({ module_or_path: new URL('../pkg/reports/baton_reports_bg.wasm', import.meta.url) });
  return module;
}

/**
 * A report of a run: { name, mime, text }. `order` sends a command of the protocol, and resolves with { done } or
 * { refused }.
 */
export async function report(order, format, run, locale) {
  if (!FORMATS.includes(format)) {
    throw new TypeError(`there is no report "${format}"; use one of ${FORMATS.join(', ')}`);
  }
  const [module, recording] = await Promise.all([texts(), record(order, run, format)]);
  if (format !== 'html') return write(module, format, recording, locale);
  const { page } = await import('./page.js');
  const { name } = write(module, 'json', { ...recording, evidence: [] }, locale);
  return { name: name.replace(/json$/, 'html'), mime: 'text/html', text: await page(recording, locale) };
}

function write(module, format, recording, locale) {
  let made;
  try {
    made = module.report(format, JSON.stringify(recording), locale);
  } catch (words) {
    throw new Error(String(words));
  }
  const { name, mime, text } = made;
  made.free();
  return { name, mime, text };
}

/** All that a report needs of a run, as the engine tells it. */
async function record(order, run, format) {
  const ask = async (command) => {
    const { done, refused } = await order(command);
    if (refused) throw new Error(refused.unknown_run ? `there is no run ${run}` : JSON.stringify(refused));
    return done;
  };
  const [{ run: view }, { attempts }, matrix] = await Promise.all([
    ask({ read_run: { run } }),
    ask({ list_attempts: { run } }),
    // Without it, all else can still be said.
    order({ matrix: { run } }).then(({ done }) => done?.matrix),
  ]);
  const [first, rest] = split(attempts, (attempt) => decided(view, attempt));
  const wanted = { json: first, html: [...first, ...rest] }[format] ?? [];
  const evidence = await papers(order, run, wanted);
  const recording = { run: view, attempts, evidence, matrix };
  if (format !== 'html') return recording;
  const matrices = await references(order, run, matrix);
  return { ...recording, matrices, taken_at: Date.now(), left_out: attempts.length - evidence.length };
}

function split(list, belongs) {
  return [list.filter(belongs), list.filter((item) => !belongs(item))];
}

/** Whether an attempt was the last of a stage that has ended. */
function decided(run, { stage, number }) {
  const { ended_at: ended, attempts } = run.stages[stage] ?? {};
  return ended !== undefined && number === attempts;
}

/** Requests and answers of attempts, as many as there is room for; what was pruned has none. */
async function papers(order, run, attempts) {
  const kept = [];
  let room = MOST_EVIDENCE;
  for (const { stage, number: attempt } of attempts) {
    const { done } = await order({ read_evidence: { run, stage, attempt } });
    if (!done) continue;
    const size = JSON.stringify(done.evidence).length;
    if (size > room) continue;
    room -= size;
    kept.push({ stage, attempt, evidence: done.evidence });
  }
  return kept;
}

/** The matrix by the name of its reference; by none, as the chain has it. */
async function references(order, run, matrix) {
  const names = (matrix?.columns ?? []).slice(0, MOST_REFERENCES).map((column) => column.name);
  const others = names.map(async (reference) => {
    const { done } = await order({ matrix: { run, reference } });
    return [reference, done?.matrix];
  });
  return Object.fromEntries([['', matrix], ...(await Promise.all(others))]);
}
