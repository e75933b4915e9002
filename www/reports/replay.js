// The page that replays a run: the screens as they are over a recording, and a cursor in its time. Started by the
// page that `page.js` writes.

const WORDS = {
  en: {
    bar: 'Recording', at: 'Time', play: 'Replay', stop: 'Pause',
    taken: (run, when) => `A recording of run #${run}, taken ${when}. It needs no network; secrets are masked.`,
    without: (count) => ` Left out for their size: requests and answers of ${count} attempts.`,
  },
  zh: {
    bar: '回放', at: '时间', play: '播放', stop: '暂停',
    taken: (run, when) => `第 ${run} 次运行的回放，生成于 ${when}。无需网络；机密已遮蔽。`,
    without: (count) => `因体积过大，省略了 ${count} 次尝试的请求与响应。`,
  },
};

/** A whole run is played in so many steps, and so long. */
const STEPS = 40;
const STEP_MS = 150;

/**
 * Shows a recording. `mount` is the screens' own, `Recorded` makes what answers them, `sheet` is their style.
 */
export function replay({ mount, Recorded, recording, sheet }) {
  const shadow = document.getElementById('board').attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [sheet];
  const { run, taken_at: taken } = recording;
  const [start, end] = [run.started_at, run.ended_at ?? taken];
  let handle;
  const show = (at) => {
    handle?.free();
    const root = document.createElement('div');
    shadow.replaceChildren(root);
    // Language and colours are the reader's: as a page of its own, it keeps what was chosen when it is shown anew.
    const options = { page: true, readonly: true, view: 'run', runId: run.id, clock: `test:${at}`, samples: [] };
    handle = mount(shadow.host, root, options, () => new Recorded(recording, at));
    words.follow(root);
  };
  const words = bar(recording, [start, end], show);
  show(end);
}

/** The bar above the screens: what this is, and the cursor. */
function bar(recording, [start, end], show) {
  const part = (name) => document.querySelector(`[data-part="${name}"]`);
  const [frame, said, label, cursor, clock, play] = ['bar', 'said', 'label', 'cursor', 'clock', 'play'].map(part);
  const bar = { lang: 'en', theme: 'auto', follow };
  let timer;

  function write() {
    const t = WORDS[bar.lang.slice(0, 2)] ?? WORDS.en;
    // As the screens tell times: day before month, and 24 hours.
    const tag = bar.lang === 'en' ? 'en-GB' : bar.lang;
    const when = new Date(recording.taken_at).toLocaleString(tag, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
    const without = recording.left_out > 0 ? t.without(recording.left_out) : '';
    frame.setAttribute('aria-label', t.bar);
    said.textContent = t.taken(recording.run.number, when) + without;
    label.textContent = t.at;
    play.textContent = timer ? t.stop : t.play;
    const at = Number(cursor.value);
    const words = new Date(at).toLocaleTimeString(tag, { timeStyle: 'medium', hourCycle: 'h23' });
    clock.textContent = words;
    cursor.setAttribute('aria-valuetext', words);
    document.documentElement.lang = bar.lang;
    frame.dataset.theme = bar.theme;
  }

  /** The language and colours are chosen in the screens; the bar has the same. */
  function follow(root) {
    const outline = root.firstElementChild;
    const read = () => {
      [bar.lang, bar.theme] = [outline.lang, outline.dataset.theme];
      write();
    };
    new MutationObserver(read).observe(outline, { attributeFilter: ['lang', 'data-theme'] });
    read();
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
    write();
  }

  function step() {
    const next = Number(cursor.value) + Math.max(1, Math.ceil((end - start) / STEPS));
    cursor.value = String(Math.min(next, end));
    show(Number(cursor.value));
    if (next >= end) stop();
  }

  Object.assign(cursor, { min: String(start), max: String(end), value: String(end) });
  cursor.step = String(Math.max(1, Math.floor((end - start) / 1000)));
  cursor.addEventListener('input', () => {
    stop();
    show(Number(cursor.value));
  });
  play.addEventListener('click', () => {
    if (timer) return stop();
    if (Number(cursor.value) >= end) cursor.value = String(start);
    show(Number(cursor.value));
    timer = setInterval(step, STEP_MS);
    return write();
  });
  return bar;
}
