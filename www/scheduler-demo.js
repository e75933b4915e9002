// The page of scheduler.html: shows jobs with their countdown, and what happens to them. A page of
// another origin imports `scheduler.js` instead of the relative path below.

import { Scheduler } from './scheduler/index.js';

const LOG_LINES = 100;
const REFRESH_MS = 200;

const TEXTS = {
  en: {
    title: 'Jobs on this page',
    lead: 'They are kept in this browser, are found again after a reload, and fire in a hidden tab too. Open the page twice: one tab leads, both show the same.',
    jobs: 'Jobs', none: 'No job yet. Add one below.', add: 'Add a job', addButton: 'Add', log: 'What happens',
    id: 'Name', kind: 'Rule', rule: 'Its value', seconds: 'every so many seconds', json: 'JSON',
    pause: 'Pause', resume: 'Resume', run: 'Run now', remove: 'Remove', explain: 'Explain',
    hold: 'Pause all', release: 'Resume all',
    states: { waiting: '◷ waiting', running: '▶ running', paused: '❚❚ paused', unbound: '○ not bound', finished: '■ finished' },
    roles: { leader: 'This tab leads.', follower: 'Another tab leads.' },
    starting: 'Starting…', memory: 'Kept in memory only.', stopped: 'Stopped.',
    next: (text) => `in ${text}`, now: 'now', never: 'no next fire',
    figures: ({ fires, skipped }) => `fires: ${fires}${skipped ? `, skipped in a row: ${skipped}` : ''}`,
  },
  zh: {
    title: '本页的作业',
    lead: '作业保存在此浏览器中，刷新后仍在，标签页隐藏时也会触发。打开两次此页：一个标签页主导，两者显示相同内容。',
    jobs: '作业', none: '还没有作业，请在下方添加。', add: '添加作业', addButton: '添加', log: '事件',
    id: '名称', kind: '规则', rule: '规则内容', seconds: '每隔若干秒', json: 'JSON',
    pause: '暂停', resume: '继续', run: '立即执行', remove: '删除', explain: '说明',
    hold: '全部暂停', release: '全部继续',
    states: { waiting: '◷ 等待中', running: '▶ 执行中', paused: '❚❚ 已暂停', unbound: '○ 未绑定', finished: '■ 已结束' },
    roles: { leader: '此标签页主导。', follower: '另一标签页主导。' },
    starting: '正在启动…', memory: '仅保存在内存中。', stopped: '已停止。',
    next: (text) => `${text}后`, now: '现在', never: '不再触发',
    figures: ({ fires, skipped }) => `已触发 ${fires} 次${skipped ? `，连续跳过 ${skipped} 次` : ''}`,
  },
};

const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
const texts = TEXTS[language];
const at = (id) => document.getElementById(id);

/** What every job of this page does: it takes a while, unless it is aborted. */
function work({ signal }) {
  return new Promise((resolve, reject) => {
    const done = setTimeout(resolve, 700);
    signal.addEventListener('abort', () => {
      clearTimeout(done);
      reject(signal.reason);
    });
  });
}

// --------------------------------------------------------------------------------------------------- jobs

const shown = new Map();

function show(jobs) {
  const ids = new Set(jobs.map(({ id }) => id));
  for (const [id, row] of shown) {
    if (ids.has(id)) continue;
    row.item.remove();
    shown.delete(id);
  }
  for (const job of jobs) {
    if (!shown.has(job.id)) shown.set(job.id, row(job.id));
    fill(shown.get(job.id), job);
  }
  at('none').hidden = jobs.length > 0;
}

/** The element of a job: made once, so that the focus stays where it is. */
function row(id) {
  const item = document.createElement('li');
  item.dataset.job = id;
  const part = (tag, name) => {
    const element = item.appendChild(document.createElement(tag));
    element.className = name;
    return element;
  };
  const [title, state, next, words, figures, buttons] = [
    part('h3', 'title'), part('p', 'state'), part('p', 'next'), part('p', 'words'), part('p', 'figures'),
    part('p', 'buttons'),
  ];
  title.textContent = id;
  const pause = button(buttons, texts.pause, 'pause', () => scheduler.pauseJob(id));
  const resume = button(buttons, texts.resume, 'resume', () => scheduler.resumeJob(id));
  button(buttons, texts.run, 'run', () => scheduler.runNow(id));
  button(buttons, texts.explain, 'explain', async () => note(id, await scheduler.explain(id)));
  button(buttons, texts.remove, 'remove', () => scheduler.removeJob(id));
  at('jobs').append(item);
  return { item, state, next, words, figures, pause, resume, job: undefined };
}

function fill(row, job) {
  row.job = job;
  row.item.dataset.state = job.state;
  row.state.textContent = texts.states[job.state];
  row.words.textContent = job.words;
  row.figures.textContent = texts.figures(job);
  row.pause.hidden = job.paused;
  row.resume.hidden = !job.paused;
  count(row);
}

function count({ next, job }) {
  if (!job.nextFire) return void (next.textContent = texts.never);
  const ms = job.nextFire - Date.now();
  next.textContent = ms < 1000 ? texts.now : texts.next(span(Math.floor(ms / 1000)));
  next.title = job.nextFire.toLocaleString(navigator.language);
}

function span(seconds) {
  const unit = (name, value) => new Intl.NumberFormat(language, { style: 'unit', unit: name }).format(value);
  const parts = [
    ['day', Math.floor(seconds / 86_400)],
    ['hour', Math.floor(seconds / 3600) % 24],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ];
  const first = parts.findIndex(([, value]) => value > 0);
  return parts.slice(Math.max(first, 0)).slice(0, 2).map(([name, value]) => unit(name, value)).join(' ') || unit('second', 0);
}

function button(parent, label, action, press) {
  const element = parent.appendChild(document.createElement('button'));
  element.type = 'button';
  element.textContent = label;
  element.dataset.action = action;
  element.addEventListener('click', () => press().catch((error) => note(error.code ?? error.name, error.message)));
  return element;
}

let refreshing;
/** Reads the jobs anew; many events at once are one reading. */
function refresh() {
  refreshing ??= setTimeout(async () => {
    refreshing = undefined;
    if (scheduler.state === 'running') show(await scheduler.jobs());
  }, REFRESH_MS);
}

// ---------------------------------------------------------------------------------------------------- log

function note(kind, text, when = new Date()) {
  const line = document.createElement('li');
  const parts = [['time', when.toLocaleTimeString(navigator.language)], ['strong', kind], ['span', text]];
  for (const [tag, words] of parts) line.appendChild(document.createElement(tag)).textContent = words;
  at('log').prepend(line);
  while (at('log').children.length > LOG_LINES) at('log').lastChild.remove();
}

function heed(event) {
  const { kind, at: when, job = '', message, count, lateMs } = event;
  const details = [job, message, count && `× ${count}`, lateMs !== undefined && `+${lateMs} ms`];
  note(kind, details.filter(Boolean).join(' · '), when);
  stand();
  refresh();
}

// --------------------------------------------------------------------------------------------------- page

let isKept = true;
function stand() {
  const parts = scheduler.state === 'stopped' ? [texts.stopped] : [texts.roles[scheduler.role]];
  if (!isKept) parts.push(texts.memory);
  at('state').textContent = parts.join(' ');
  at('hold').textContent = scheduler.paused ? texts.release : texts.hold;
}

/** The trigger that the form stands for. */
function rule(form) {
  const { kind, rule: { value } } = form.elements;
  switch (kind.value) {
    case 'seconds':
      return { type: 'interval', seconds: Number(value) };
    case 'crontab':
      return { type: 'crontab', expression: value };
    default:
      return JSON.parse(value);
  }
}

const EXAMPLES = {
  seconds: '15',
  crontab: '*/5 9-17 * * mon-fri',
  json: '{"type":"cron","day":"last fri","hour":18}',
};

let asked = 0;
async function preview(form) {
  const turn = (asked += 1);
  let said;
  let isWrong = false;
  try {
    const { words, fires } = await scheduler.preview(rule(form), 3);
    said = [words, ...fires.map((fire) => fire.toLocaleString(navigator.language, { dateStyle: 'full', timeStyle: 'medium' }))];
  } catch (error) {
    said = [error.message];
    isWrong = true;
  }
  if (turn !== asked) return;
  at('preview').textContent = said.join('\n');
  at('preview').classList.toggle('wrong', isWrong);
}

async function add(form) {
  try {
    await scheduler.addJob({ id: form.elements.id.value.trim(), trigger: rule(form), fireTimeout: '10s', run: work });
  } catch (error) {
    at('preview').textContent = error.message;
    at('preview').classList.add('wrong');
  }
}

/** IndexedDB, unless this browser has none to give. */
async function start() {
  const options = { name: 'scheduler-demo', locale: language };
  try {
    return await Scheduler.start(options);
  } catch (error) {
    if (error.code !== 'no_locks' && error.code !== 'database') throw error;
    isKept = false;
    return Scheduler.start({ ...options, storage: 'memory' });
  }
}

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
document.title = texts.title;
for (const element of document.querySelectorAll('[data-text]')) element.textContent = texts[element.dataset.text];
at('hold').textContent = texts.hold;
at('state').textContent = texts.starting;

const scheduler = await start().catch((error) => {
  at('state').textContent = error.message;
  at('state').classList.add('wrong');
  throw error;
});
scheduler.on('*', heed);
// The stored jobs of an earlier load are carried out again; the first load has one.
const stored = await scheduler.jobs();
if (stored.length === 0) {
  await scheduler.addJob({ id: 'refresh', trigger: { type: 'interval', seconds: 5 }, fireTimeout: '10s', run: work });
}
for (const { id } of stored) await scheduler.bind(id, work);
stand();
show(await scheduler.jobs());
setInterval(() => shown.forEach(count), 250);

at('hold').disabled = false;
at('hold').addEventListener('click', () => (scheduler.paused ? scheduler.resume() : scheduler.pause()));
const form = at('add');
form.querySelector('button').disabled = false;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  add(form);
});
form.elements.kind.addEventListener('change', () => {
  form.elements.rule.value = EXAMPLES[form.elements.kind.value];
});
form.addEventListener('input', () => preview(form));
form.addEventListener('change', () => preview(form));
preview(form);
