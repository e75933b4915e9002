// Why something was refused or can't go on, in a sentence of either language. The worker tells codes
// with their arguments; only those that a scheduler can meet are told here.

import { camel, tagged } from './names.js';

/** A call that was not carried out: `code` says why, `problems` where, the message how to mend it. */
export class SchedulerError extends Error {
  constructor(code, message, problems = []) {
    super(message);
    this.name = 'SchedulerError';
    this.code = code;
    this.problems = problems;
  }
}

/** The error of a refusal, as the engine tells it. */
export function refused(refusal, locale) {
  const [code, detail] = tagged(refusal);
  if (code !== 'invalid') return failure(code, detail, locale);
  const problems = detail.map((problem) => mended(problem, locale));
  return new SchedulerError(code, problems.map(line(locale)).join('\n'), problems);
}

/** The error of a code, with what comes with it. */
export function failure(code, detail, locale) {
  const sentence = SENTENCES[code];
  const message = sentence ? sentence(detail)[index(locale)] : `${code}: ${JSON.stringify(detail ?? null)}`;
  return new SchedulerError(code, message);
}

function mended({ path, kind }, locale) {
  const [name, detail] = tagged(kind);
  const sentence = PROBLEMS[name];
  const message = sentence ? sentence(detail)[index(locale)] : `${name}: ${JSON.stringify(detail ?? null)}`;
  return { path: path.split('.').map(camel).join('.'), message };
}

function line(locale) {
  const colon = index(locale) === 0 ? ': ' : '：';
  return ({ path, message }) => (path === '' ? message : path + colon + message);
}

function index(locale) {
  return locale === 'en' ? 0 : 1;
}

const COUNTED = { jobs: '作业', 'waiting fires': '等待中的触发', 'fires to backfill': '需回填的触发' };

// Each in English and Chinese.
const SENTENCES = {
  version: () => ['this page and the engine are of different versions; reload', '页面与引擎版本不同；请刷新页面'],
  unknown_job: (job) => [`there is no job ${job}; it may have been removed`, `没有作业 ${job}；可能已被删除`],
  job_exists: (job) => [
    `there is a job ${job} already; replace or keep it, or choose another id`,
    `作业 ${job} 已存在；请替换、保留，或另选 id`,
  ],
  too_many: ({ what, limit }) => [
    `there are ${limit} ${what}, and no more are taken; remove some`,
    `${COUNTED[what] ?? what}已达 ${limit}，不再接受；请先删除一些`,
  ],
  store: ({ message }) => [`the store could not be read: ${message}`, `无法读取存储：${message}`],
  stopped: () => ['the scheduler has been shut down; start another', '调度器已关闭；请另行启动'],
  crashed: ({ message, lost }) => [
    `the worker has crashed: ${message}${lost ? '; its jobs were in memory and are gone, start another scheduler' : ''}`,
    `工作线程崩溃：${message}${lost ? '；其作业只在内存中，已丢失，请另行启动调度器' : ''}`,
  ],
  worker: ({ message }) => [
    `the worker could not be loaded: ${message}; see the page's Content-Security-Policy and its network`,
    `无法加载工作线程：${message}；请检查页面的内容安全策略与网络`,
  ],
  newer_database: () => [
    'the database was written by a newer version; reload the page',
    '数据库由更新的版本写入；请刷新页面',
  ],
  database: ({ message }) => [
    `the database can't be opened: ${message}; storage "memory" needs none`,
    `无法打开数据库：${message}；可改用存储 "memory"`,
  ],
  no_locks: () => [
    'the page is not in a secure context, so that only storage "memory" works; serve it over https',
    '页面不在安全上下文中，只能使用存储 "memory"；请通过 https 提供页面',
  ],
  bad_message: ({ message }) => [`the worker could not read a command: ${message}`, `工作线程无法读取命令：${message}`],
};

const PROBLEMS = {
  syntax: ({ message }) => [`not JSON: ${message}`, `不是 JSON：${message}`],
  too_large: ({ bytes, limit }) => [`${bytes} bytes are too many; at most ${limit}`, `${bytes} 字节过大；最多 ${limit}`],
  too_many: ({ seen, limit }) => [`${seen} are too many; at most ${limit}`, `${seen} 项过多；最多 ${limit}`],
  too_deep: ({ limit }) => [`nested too deep; at most ${limit} levels`, `嵌套过深；最多 ${limit} 层`],
  version: ({ got }) => [`version ${got} is not known here`, `此处不认识版本 ${got}`],
  missing_key: ({ key }) => [`the key "${camel(key)}" is missing; add it`, `缺少键 "${camel(key)}"；请添加`],
  unknown_key: ({ key, meant }) =>
    meant
      ? [
          `unknown key "${camel(key)}"; did you mean "${camel(meant)}"?`,
          `未知的键 "${camel(key)}"；是否想写 "${camel(meant)}"？`,
        ]
      : [
          `unknown key "${camel(key)}"; remove it, or begin its name with "x-"`,
          `未知的键 "${camel(key)}"；请删除，或让其名称以 "x-" 开头`,
        ],
  wrong_type: ({ want, got }) => [`expected ${want}, found ${got}`, `应为 ${want}，实为 ${got}`],
  unknown_word: ({ word, meant, known }) => [
    `unknown word "${word}"; ${meant ? `did you mean "${meant}"?` : `use one of ${known.join(', ')}`}`,
    `未知的词 "${word}"；${meant ? `是否想写 "${meant}"？` : `可用：${known.join('、')}`}`,
  ],
  empty: () => ['is empty; give it a value', '为空；请填写'],
  duplicate: ({ name }) => [`"${name}" is there twice; rename one`, `"${name}" 出现两次；请改名`],
  duration: ({ got }) => [
    `${got} is not a duration; write milliseconds, or a whole number and ms, s, m, h or d, such as "58s"`,
    `${got} 不是时长；请写毫秒数，或整数加 ms、s、m、h 或 d，例如 "58s"`,
  ],
  out_of_range: ({ got, least, most }) => [
    `${got} is out of range; use ${least} to ${most}`,
    `${got} 超出范围；可用 ${least} 至 ${most}`,
  ],
  not_together: ({ key, with: other }) => [
    `"${camel(key)}" can't stand together with ${other}; remove one`,
    `"${camel(key)}" 不能与 ${other} 并用；请删除其一`,
  ],
  needs: ({ key, needs }) => [`"${camel(key)}" needs ${needs}; add it`, `"${camel(key)}" 需要 ${needs}；请添加`],
  not_a_number: ({ got }) => [`${got} is not a number`, `${got} 不是数`],
  id: ({ message }) => [message, message],
  said: ({ en, zh }) => [en, zh],
};
