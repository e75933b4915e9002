// Stages of a document under edit, tried: carries questions between the page, the trial's module, the language
// of chains, the network and the engine's evidence. Judges nothing, and loads nothing itself.
//
// What crosses is of the protocol: its numbers are whole, and values and bodies are texts within it.

/** So many attempts before a kept one are judged with it, for checks that want several in a row. */
const MOST_BEFORE = 20;

/** What a trial stands under where there is no run. */
const NO_RUN = 'trial';

const NOTHING_KEPT = { request: { method: '', url: '', headers: [], with_credentials: false }, cut: false };

const isJudged = ({ phase }) => typeof phase === 'object' && 'judged' in phase;

/**
 * What answers a question, JSON texts both. `module`, `imports` and `language` load these; `exchange(byProxy, request,
 * signal)` sends a request; `order(command)` asks the engine; `demo(seed)` makes a pipeline, of which trials have
 * their own, so that the runs' own holds what they have sent and nothing else.
 */
export function trials({ module, imports, language, exchange, order, demo }) {
  let pipeline;

  /** What answered the stages that were tried, of each the latest. */
  let tried = [];

  async function step(question) {
    const [{ trial }, verify] = await Promise.all([module(), language()]);
    return JSON.parse(trial(JSON.stringify(question), verify));
  }

  const now = () => ({ run: NO_RUN, now: Date.now(), earlier: tried });

  function remember({ stage }, answer, latency_ms) {
    tried = [...tried.filter((before) => before.stage !== stage), { stage, answer, latency_ms }];
  }

  const answers = {
    plan({ document, environment, caret }) {
      tried = [];
      const [high, low] = crypto.getRandomValues(new Uint32Array(2));
      const seed = (high >>> 11) * 2 ** 32 + low;
      return step({ plan: { document, environment, caret, seed, now: Date.now() } });
    },

    async send({ of, confirmed }) {
      const told = await step({ request: { of, with: now() } });
      if (told.request === undefined) return told;
      const { request, transport, timeout_ms, careful } = told.request;
      if (careful && !confirmed) return { confirm: { method: request.method, url: request.url } };
      const begun_at = Date.now();
      const { answer, latency_ms } = await sent(transport, request, timeout_ms);
      const evidence = { request, answer, cut: false };
      const seen = [{ number: 1, begun_at, ended_at: Date.now(), latency_ms, transport, evidence }];
      const judged = await step({ judge: { of, with: now(), seen } });
      remember(of, answer, latency_ms);
      return judged;
    },

    async judge({ of, pasted }) {
      const told = await step({ paste: { of, with: now(), pasted } });
      if (told.tried) remember(of, told.tried.evidence.answer);
      return told;
    },

    async replay({ of, run, stages, stage, attempt }) {
      const attempts = await order({ list_attempts: { run } });
      const judged = attempts.filter(isJudged);
      const evidence = (view) =>
        // Pruned: there is no answer to judge.
        order({ read_evidence: { run, stage: view.stage, attempt: view.number } }).catch(() => NOTHING_KEPT);
      const latest = new Map(judged.filter((view) => view.stage < stage).map((view) => [view.stage, view]));
      const earlier = await Promise.all([...latest.values()].map(async (view) => {
        const { answer, cut } = await evidence(view);
        return cut ? undefined : { stage: stages[view.stage], answer, latency_ms: view.latency_ms };
      }));
      const mine = judged.filter((view) => view.stage === stage && view.number <= attempt).slice(-MOST_BEFORE);
      const seen = await Promise.all(mine.map(async (view) => {
        const { number, begun_at, ended_at, latency_ms, transport } = view;
        return { number, begun_at, ended_at, latency_ms, transport, evidence: await evidence(view) };
      }));
      const known = earlier.filter((told) => told?.answer !== undefined);
      const told = await step({ judge: { of, with: { run, now: Date.now(), earlier: known }, seen } });
      if (told.tried) told.tried.before = mine.at(-1);
      return told;
    },

    async curl({ of }) {
      const told = await step({ request: { of, with: now() } });
      if (told.request === undefined) return told;
      const question = { curl_of: { request: told.request.request } };
      return JSON.parse((await imports()).screen(JSON.stringify(question)));
    },

    select: (asked) => step({ select: { ...asked, now: Date.now() } }),
  };

  /** Sends a request, and gives it up when its time is over. */
  async function sent(transport, request, ms) {
    const signal = AbortSignal.timeout(ms);
    const over = new Promise((resolve) => signal.addEventListener('abort', () => resolve('"timeout"')));
    const begun = performance.now();
    const exchanged = transport === 'demo' ? demonstrated(request)
      : exchange(transport === 'proxy', JSON.stringify({ request: { request } }), signal);
    // What never ends has no answer of its own.
    const answer = await Promise.race([exchanged.then((text) => text ?? over), over]);
    const latency_ms = Math.round(performance.now() - begun);
    return signal.aborted ? { answer: 'timeout' } : { answer: JSON.parse(answer), latency_ms };
  }

  /** What the demonstration answers; nothing when it never does. */
  async function demonstrated(request) {
    pipeline ??= demo('trial');
    const { status, headers, body, hang } = JSON.parse((await pipeline).handle(JSON.stringify(request), Date.now()));
    return hang ? undefined : JSON.stringify({ response: { status, headers, body: { text: body } } });
  }

  return async function answer(question) {
    const [[tag, asked]] = Object.entries(JSON.parse(question));
    return JSON.stringify(await answers[tag](asked));
  };
}
