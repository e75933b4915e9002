// How fast our page is, in Chromium: when it can be used, and how long its frames take while much goes on. Beside it a
// counter made with the same library and compiled the same way, which is as little as such a page can be.

/** Runs on the board at once, each polled once in this time. */
const RUNS = 1000;
const INTERVAL = '5s';
/** Attempts of the run that is scrolled, and by how much a frame: faster than one can read. */
const ATTEMPTS = 10_000;
const SCROLL_PX = 600;
const MEASURED_MS = 10_000;
/** Pages are opened so often a round, each without a cache. */
const VISITS = 5;

const PAGES = {
  screens: { path: '/dist/index.html', button: () => document.querySelector('baton-board')?.shadowRoot?.querySelector('[data-action="run-sample"]') },
  counter: { path: '/counter.html', button: () => document.querySelector('button') },
};

/** The rows of a subject. */
export async function pageRows(browser, address, name) {
  const rows = [{ row: 'page_ready', unit: 'ms', value: await ready(browser, address, PAGES[name]) }];
  if (name === 'screens') rows.push(...(await frames(browser, address)));
  return rows;
}

/** When a page's first button is there and the next task has run, from when it was asked for: the median. */
async function ready(browser, address, { path, button }) {
  const took = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.addInitScript(`globalThis.interactive = new Promise((resolve) => {
      const look = () => (${button})() ? setTimeout(() => resolve(performance.now())) : requestAnimationFrame(look);
      requestAnimationFrame(look);
    });`);
    await page.goto(address + path);
    took.push(await page.evaluate(() => globalThis.interactive));
    await context.close();
  }
  return took.sort((one, other) => one - other)[Math.floor(VISITS / 2)];
}

/** The longest frames of the board and of a long run. */
async function frames(browser, address) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  page.on('pageerror', (error) => console.error(`screens: ${error.stack}`));
  await page.goto(`${address}/page.html`);
  await page.evaluate(recorder);
  const board = await page.evaluate(manyRuns, { runs: RUNS, interval: INTERVAL, ms: MEASURED_MS });
  const scroll = await page.evaluate(longRun, { attempts: ATTEMPTS, px: SCROLL_PX, ms: MEASURED_MS });
  await context.close();
  const row = (name, { longest, events }) => ({ row: name, unit: 'ms', value: longest, note: events && `${events} polls a second` });
  return [row('page_board', board), row('page_scroll', scroll)];
}

/** In the page: `longestFrame` follows frames for a while, and answers the time between the two furthest apart. */
function recorder() {
  globalThis.longestFrame = (ms, each) => new Promise((resolve) => {
    const end = performance.now() + ms;
    let [last, longest] = [performance.now(), 0];
    const tick = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      each?.();
      if (now < end) requestAnimationFrame(tick);
      else resolve(longest);
    };
    requestAnimationFrame((now) => {
      last = performance.now();
      tick(now);
    });
  });
}

/** In the page: so many chains, each with a live run, polled by the engine in its worker. */
async function manyRuns({ runs, interval, ms }) {
  await import('/dist/embed.js');
  const board = document.createElement('baton-board');
  board.setAttribute('storage', 'memory');
  document.body.append(board);
  await board.ready;
  const stage = (name) => ({
    name, request: { url: 'demo:///micro/good?event_id=nobody' },
    checks: [{ source: { jsonpath: '$[*]' }, filter: ['count'], op: 'equals', value: 1 }],
  });
  const begin = async (index) => {
    const chain = `chain-${index}`;
    const stages = ['Collector', 'Stream', 'Table'].map(stage);
    const document = { baton: 1, id: chain, name: `Chain ${index}`, poll: { interval, timeout: '1h' }, stages };
    await board.send({ save_chain: { chain, document: JSON.stringify(document), base: null } });
    await board.send({ start_run: { run: `run-${index}`, chain, environment: null } });
  };
  for (let index = 0; index < runs; index += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, offset) => begin(index + offset)));
  }
  const live = () => board.shadowRoot.querySelectorAll('[data-chain][data-status="running"]').length;
  while (live() < runs) await new Promise((resolve) => { setTimeout(resolve, 100); });
  await globalThis.longestFrame(2000);
  let polls = 0;
  board.addEventListener('baton-attempt', () => { polls += 1; });
  const longest = await globalThis.longestFrame(ms);
  board.remove();
  return { longest, events: Math.round((polls * 1000) / ms) };
}

/** In the page: a run with so many attempts, told by a recording, scrolled all the while. */
async function longRun({ attempts, px, ms }) {
  const script = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/baton_ui.js')).name;
  const [{ mount }, { Recorded }, css] = await Promise.all([
    import(script), import(new URL('../../reports/recorded.js', script)),
    fetch(new URL('../../ui.css', script)).then((response) => response.text()),
  ]);
  const [start, every] = [Date.UTC(2026, 10, 20), 20_000];
  const stage = {
    name: 'Warehouse', phase: 'waiting', once: false, attempts, begun_at: start, due: start + attempts * every,
    interval_ms: every, timeout_ms: 1e9, deadline: start + 1e9, late: false, flapping: false, unconfirmed: false, captures: [],
  };
  const run = {
    id: 'long', chain: 'long', name: 'Long', revision: 1, number: 1, phase: 'running', started_at: start, variables: [], stages: [stage],
  };
  const attempt = (_, index) => ({
    run: 'long', stage: 0, number: index + 1, phase: { judged: 'pending' }, scheduled_at: start + index * every,
    begun_at: start + index * every, ended_at: start + index * every + 80, latency_ms: 80, transport: 'demo', method: 'GET',
    url: 'demo:/', status: 200, reason: { count_below: { what: '$[*]', seen: index % 7, want: 1000 } }, readings: [],
  });
  const now = start + attempts * every - 5000;
  const recording = { run, attempts: Array.from({ length: attempts }, attempt), evidence: [], matrices: {}, taken_at: now };
  const host = document.createElement('div');
  document.body.append(host);
  const shadow = host.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [await new CSSStyleSheet().replace(css)];
  const root = document.createElement('div');
  shadow.append(root);
  const options = { view: 'run', runId: 'long', clock: `test:${now}`, samples: [] };
  const handle = mount(host, root, options, () => new Recorded(recording, now));
  const log = () => shadow.querySelector('.log:has(.attempt)');
  while (!log()) await new Promise((resolve) => { setTimeout(resolve, 50); });
  const frame = log();
  frame.scrollIntoView();
  await globalThis.longestFrame(1000);
  let step = px;
  const longest = await globalThis.longestFrame(ms, () => {
    const before = frame.scrollTop;
    frame.scrollBy(0, step);
    if (frame.scrollTop === before) step = -step;
  });
  handle.free();
  return { longest };
}
