// A finished engine: answers for a run that was taken along, at any instant of it, as a worker would. It is given
// to the screens in a worker's place, so that what is live and what is replayed are one view. Knows no screen.

const EPOCH = 1;

/** How a run stood at an instant: what came later is not there yet. */
export function asOf(recording, at) {
  const { run } = recording;
  const attempts = recording.attempts.filter(({ begun_at: begun }) => begun <= at).map((one) => attemptAt(one, at));
  const stages = run.stages.map((stage, index) => {
    const of = (list) => list.filter((attempt) => attempt.stage === index);
    return stageAt(stage, of(attempts), of(recording.attempts), at);
  });
  const open = { ...run, stages, phase: 'running', ended_at: undefined, frozen_since: undefined };
  const over = run.ended_at === undefined ? at >= recording.taken_at : at >= run.ended_at;
  return { ...recording, run: over ? run : open, attempts };
}

function attemptAt(attempt, at) {
  if (attempt.ended_at !== undefined && attempt.ended_at <= at) return attempt;
  const { run, stage, number, scheduled_at, begun_at, transport, method, url } = attempt;
  return { run, stage, number, phase: 'calling', scheduled_at, begun_at, transport, method, url, readings: [] };
}

function stageAt(stage, begun, all, at) {
  if (stage.seeded_from !== undefined || (stage.ended_at !== undefined && stage.ended_at <= at)) return stage;
  const blank = {
    ...stage, captures: [], late: false, flapping: false, unconfirmed: false, reason: undefined, ended_at: undefined,
    hold: undefined, due: undefined, attempts: begun.length,
  };
  if (stage.begun_at === undefined || stage.begun_at > at) {
    return { ...blank, phase: 'not_started', begun_at: undefined, deadline: undefined };
  }
  const last = begun.at(-1);
  const answered = begun.findLast((attempt) => attempt.phase !== 'calling');
  const due = all.find((attempt) => attempt.begun_at > at)?.scheduled_at;
  return { ...blank, phase: last?.phase === 'calling' ? 'calling' : 'waiting', reason: answered?.reason, due };
}

/** In a worker's place: takes its messages, and answers them from a recording. */
export class Recorded {
  /** Set by the screens. */
  onmessage = null;
  onerror = null;
  #recording;
  #at;
  #seq = 0;

  constructor(recording, at) {
    this.#recording = asOf(recording, at);
    this.#at = at;
  }

  postMessage(text) {
    const { command: order, ask } = JSON.parse(text);
    // The screens expect an answer after they have asked, as from a worker.
    if (order) queueMicrotask(() => this.#answer(order));
    if (ask) queueMicrotask(() => this.#hasNoModule(ask));
  }

  terminate() {
    this.onmessage = null;
  }

  /** What modules of the worker say is not in the file. */
  #hasNoModule({ id }) {
    const outcome = { error: 'not in a recording; open the run where it was made' };
    this.onmessage?.({ data: JSON.stringify({ said: { id, outcome } }) });
  }

  #answer({ id, command }) {
    if (command === 'subscribe') {
      this.#tell({ snapshot: { chains: [this.#chain()], runs: [this.#recording.run], secrets: [], health: HEALTH } });
      return this.#tell({ done: { id, reply: 'ok' } });
    }
    const [reply, refusal] = this.#reply(command);
    return this.#tell(reply === undefined ? { refused: { id, refusal } } : { done: { id, reply } });
  }

  /** A reply, or nothing and why. */
  #reply(command) {
    const { run, attempts, evidence } = this.#recording;
    const [[asked, given]] = Object.entries(command);
    switch (asked) {
      case 'list_attempts':
        return [{ attempts }];
      case 'read_evidence': {
        const paper = evidence.find(({ stage, attempt }) => stage === given.stage && attempt === given.attempt);
        return [paper && { evidence: paper.evidence }, 'no_evidence'];
      }
      case 'matrix':
        return [this.#matrix(given.reference), 'no_evidence'];
      default:
        return [undefined, { ended: run.id }];
    }
  }

  /** The matrix as it was in the end: how it grew is not recorded. */
  #matrix(reference) {
    const { matrices, run, taken_at: taken } = this.#recording;
    if (this.#at < (run.ended_at ?? taken)) return undefined;
    const matrix = matrices[reference ?? ''];
    return matrix && { matrix };
  }

  #chain() {
    const { chain: id, name, revision, stages } = this.#recording.run;
    const own = stages.filter((stage) => stage.again === undefined).map((stage) => stage.name);
    return { id, name, description: '', revision, stages: own, environments: [], secrets: [] };
  }

  #tell(event) {
    this.#seq += 1;
    const envelope = { version: 1, epoch: EPOCH, seq: this.#seq, at: this.#at, event };
    this.onmessage?.({ data: JSON.stringify({ event: envelope }) });
  }
}

const HEALTH = { in_memory: false, quarantined: 0, clock_generation: 0, standby: false };
