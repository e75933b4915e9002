/**
 * Jobs by triggers, carried out by functions of the page: an in-browser counterpart of APScheduler.
 *
 * ```ts
 * import { Scheduler } from './scheduler.js';
 * const scheduler = await Scheduler.start({ name: 'reports' });
 * await scheduler.addJob({ id: 'refresh', trigger: { type: 'interval', seconds: 58 }, run: async ({ signal }) => {
 *   await fetch('/report', { signal });
 * } });
 * scheduler.on('job_missed', ({ job, count }) => console.log(job, count));
 * ```
 *
 * Keys are camelCase here and snake_case where they are stored; both are taken. Codes (kinds of events, states,
 * outcomes) are snake_case. Every method rejects with a {@link SchedulerError}, or with a `TypeError` when it is
 * called with what its type does not allow.
 */

/** An instant: a Date, or a text such as `2026-11-24T02:00:00`, which is of the trigger's time zone. */
export type DateLike = Date | string;

/** A duration: milliseconds, or a whole number and ms, s, m, h or d, such as `"58s"`. */
export type Duration = number | string;

// ---------------------------------------------------------------------------------------------- triggers

/** What every trigger may carry. */
export interface TriggerCommon {
  /** An IANA name; the browser's zone without it. */
  timezone?: string | null;
  /** The first instant at which it may fire. */
  startDate?: DateLike | null;
  /** The last instant at which it may fire. */
  endDate?: DateLike | null;
  /** Seconds: each fire is later by 0 to so much. */
  jitter?: number | null;
  /** What becomes of a time that a clock change leaves out. */
  gap?: 'next' | 'skip' | null;
  /** What becomes of a time that a clock change brings twice. */
  fold?: 'first' | 'last' | 'both' | null;
}

/** Once. */
export interface DateTrigger extends TriggerCommon {
  type: 'date';
  runDate: DateLike;
}

/** Again and again, from an anchor: `startDate`, or when the job is added. */
export interface IntervalTrigger extends TriggerCommon {
  type: 'interval';
  weeks?: number | null;
  days?: number | null;
  hours?: number | null;
  minutes?: number | null;
  /** With up to three decimals. */
  seconds?: number | null;
}

/** A number, or an expression such as `*`, `*\/5`, `1-6`, `mon-fri`, `last`, `3rd mon`. */
export type CronField = number | string | null;

/** By fields of the wall clock, as APScheduler's `cron`. Monday is 0. */
export interface CronTrigger extends TriggerCommon {
  type: 'cron';
  year?: CronField;
  month?: CronField;
  day?: CronField;
  /** The ISO week. */
  week?: CronField;
  dayOfWeek?: CronField;
  hour?: CronField;
  minute?: CronField;
  second?: CronField;
}

/** By the five fields of crontab(5). Sunday is 0 or 7. */
export interface CrontabTrigger extends TriggerCommon {
  type: 'crontab';
  expression: string;
  /** Whether a day of the month and one of the week are alternatives, as in Vixie's cron. */
  vixie?: boolean;
}

/** Every so many years, months, weeks and days, at one time of the day. */
export interface CalendarIntervalTrigger extends TriggerCommon {
  type: 'calendarinterval';
  years?: number | null;
  months?: number | null;
  weeks?: number | null;
  days?: number | null;
  hour?: number | null;
  minute?: number | null;
  second?: number | null;
}

/** When all fire at one instant. */
export interface AndTrigger extends TriggerCommon {
  type: 'and';
  triggers: Trigger[];
}

/** When any fires. */
export interface OrTrigger extends TriggerCommon {
  type: 'or';
  triggers: Trigger[];
}

/** Days and times that are left out. */
export type Exception =
  | { dates: string[] }
  | { weekly: string[] }
  | { annual: string[] }
  | { cron: Omit<CronTrigger, 'type' | keyof TriggerCommon> };

/** When another fires, save at some times. */
export interface ExceptTrigger extends TriggerCommon {
  type: 'except';
  trigger: Trigger;
  when: Exception[];
}

/** A trigger in camelCase. */
export type Trigger =
  | DateTrigger
  | IntervalTrigger
  | CronTrigger
  | CrontabTrigger
  | CalendarIntervalTrigger
  | AndTrigger
  | OrTrigger
  | ExceptTrigger;

type Snake<Key> = Key extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Tail>}`
    : `_${Lowercase<Head>}${Snake<Tail>}`
  : Key;

/** The stored form of a value: snake_case keys. */
export type Stored<Value> = Value extends Date
  ? Value
  : Value extends readonly (infer Item)[]
    ? Stored<Item>[]
    : Value extends object
      ? { [Key in keyof Value as Snake<Key>]: Stored<Value[Key]> }
      : Value;

/** A trigger, in either form. */
export type TriggerDocument = Trigger | Stored<Trigger>;

// -------------------------------------------------------------------------------------------------- jobs

/** Why a job fires: by its trigger, by `runNow`, by `backfill`. */
export type Cause = 'schedule' | 'asked' | 'backfill';

/** What a job's function is called with. */
export interface Fire {
  /** The job's id. */
  job: string;
  /** The instant it was to fire. */
  scheduledAt: Date;
  /** How late it was handed over, in ms. */
  lateMs: number;
  /** Which of the job's fires, from 1. */
  number: number;
  cause: Cause;
  /** Aborted when the fire is: its time is over, its job is removed by force, the scheduler stops. */
  signal: AbortSignal;
}

/** A job's function. What it returns is the event's `result`; what it throws or rejects with is its `error`. */
export type Run = (fire: Fire) => unknown;

/** A run of a chain, in place of a function. */
export interface ChainRun {
  chain: string;
  /** One of its environments; the first without it. */
  environment?: string;
}

/** What becomes of a fire while another is under way. */
export type Overlap = 'skip' | 'bufferOne' | { allowN: number };

/** How a job's fires are treated. */
export interface JobPolicies {
  /** How late a fire may be; any lateness without it. */
  misfireGrace?: Duration | null;
  /** Which one of several missed fires is carried out; the latest without it. */
  coalesce?: 'earliest' | 'latest' | 'all' | null;
  /** `"skip"` without it. */
  overlap?: Overlap | Stored<Overlap> | 'buffer_one' | null;
  /** After how many fires it is finished. */
  maxFires?: number | null;
  /** After how long a fire is aborted. */
  fireTimeout?: Duration | null;
  /** Of jobs that are due together, the higher one goes first. */
  priority?: number | null;
}

/** A job to be added. Keys that begin with `x-` are kept as they are. */
export interface JobDocument extends JobPolicies {
  /** 1 to 128 bytes of letters, digits and `. _ : -`. Unique: a job of the same id is replaced. */
  id: string;
  /** For people. */
  name?: string;
  trigger: TriggerDocument;
  /**
   * What it carries out. A function is not stored: each load of the page gives it again, by `addJob` or `bind`.
   * Without it, the function of an earlier `bind`, or that of another tab.
   */
  run?: Run | ChainRun | 'callback';
  tags?: string[];
  /** Whether it stands still from the start. */
  paused?: boolean;
  [own: `x-${string}`]: unknown;
}

/** Members of a job that change; null takes one away. */
export type JobChanges = { [Key in keyof Omit<JobDocument, 'id'>]?: JobDocument[Key] | null };

/** What becomes of a job that is added while one of its id is there. */
export interface AddOptions {
  /**
   * `"replace"` (default): with the same trigger it keeps its next fire, its count and its pause.
   * `"keep"`: it stays as it is. `"refuse"`: the call rejects with the code `job_exists`.
   */
  existing?: 'replace' | 'keep' | 'refuse';
}

/** A job that was added. */
export interface AddedJob {
  id: string;
  nextFire: Date | null;
}

/** What a job is doing. `unbound`: it is due, and no page has bound its function. */
export type JobState = 'waiting' | 'running' | 'paused' | 'unbound' | 'finished';

/** A job as it is. */
export interface Job {
  id: string;
  name: string | null;
  /** With its time zone and start date written in. */
  trigger: Trigger;
  run: 'callback' | ChainRun;
  misfireGrace: string | null;
  coalesce: 'earliest' | 'latest' | 'all';
  overlap: Overlap;
  maxFires: number | null;
  fireTimeout: string | null;
  priority: number;
  tags: string[];
  paused: boolean;
  state: JobState;
  /** Its trigger in words, in the scheduler's language. */
  words: string;
  nextFire: Date | null;
  lastFire: Date | null;
  /** How many fires were carried out. */
  fires: number;
  /** How many were skipped in a row, as another was under way. */
  skipped: number;
  /** How many are under way. */
  underWay: number;
  /** Whether this page has bound its function. */
  bound: boolean;
  [own: `x-${string}`]: unknown;
}

/** How a fire ended. */
export type Outcome = 'executed' | 'error' | 'timed_out' | 'aborted' | 'abandoned';

/** A fire that was recorded. */
export interface FireRecord {
  job: string;
  number: number;
  scheduledAt: Date;
  cause: Cause;
  /** How often the clock had been set back. */
  generation: number;
  begunAt: Date;
  /** Null while it is under way. */
  endedAt: Date | null;
  lateMs: number;
  /** Null while it is under way. */
  outcome: Outcome | null;
  /** What it threw, in words. */
  error: string | null;
  /** The run that it started, if its job is a chain's. */
  run: string | null;
}

// ------------------------------------------------------------------------------------------------ events

interface Told<Kind extends string> {
  kind: Kind;
  /** The engine's clock. */
  at: Date;
}

interface OfJob<Kind extends string> extends Told<Kind> {
  job: string;
}

interface OfNext<Kind extends string> extends OfJob<Kind> {
  nextFire: Date | null;
}

interface OfInstant<Kind extends string> extends OfJob<Kind> {
  scheduledAt: Date;
}

interface OfFire<Kind extends string> extends OfInstant<Kind> {
  number: number;
  cause: Cause;
  generation: number;
  /** Whether this page carries it out, or did. */
  here: boolean;
}

export type JobAdded = OfNext<'job_added'>;
export type JobModified = OfNext<'job_modified'>;
export type JobPaused = OfJob<'job_paused'>;
export type JobResumed = OfNext<'job_resumed'>;
export type JobRemoved = OfJob<'job_removed'>;
export type AllJobsRemoved = Told<'all_jobs_removed'>;
/** All jobs are held back. */
export type SchedulerPaused = Told<'scheduler_paused'>;
export type SchedulerResumed = Told<'scheduler_resumed'>;
/** A fire was recorded, and is handed over. */
export interface JobSubmitted extends OfFire<'job_submitted'> {
  lateMs: number;
}
export interface JobExecuted extends OfFire<'job_executed'> {
  /** What its function returned, on the page that carried it out. */
  result?: unknown;
}
export interface JobFailed extends OfFire<'job_error'> {
  /** What it threw, in words; or how its run ended. */
  message: string;
  /** What it threw, on the page that carried it out. */
  error?: unknown;
}
/** It took longer than its job allows, and was aborted. */
export type JobTimedOut = OfFire<'job_timed_out'>;
/** Its job was removed by force, or its page was stopped. */
export type JobAborted = OfFire<'job_aborted'>;
/** The page that carried it out is gone: what it has done is not known. */
export type JobAbandoned = OfFire<'job_abandoned'>;
export interface JobMissed extends OfInstant<'job_missed'> {
  /** How many; at least so many when it is 10,000. `scheduledAt` is the first. */
  count: number;
  why: 'beyond_grace' | 'too_many';
}
export interface JobCoalesced extends OfInstant<'job_coalesced'> {
  /** How many others were merged into the one of `scheduledAt`. */
  count: number;
}
/** A fire came while another was under way (in APScheduler: max instances reached). */
export interface JobSkipped extends OfInstant<'job_skipped'> {
  /** How many have been skipped in a row. */
  inARow: number;
  /** The fire that is under way. */
  blockedBy: (Omit<OfFire<never>, 'kind' | 'at' | 'here'> & { begunAt: Date }) | null;
}
/** A fire came while another was under way, and waits for its end. */
export type JobWaiting = OfInstant<'job_waiting'>;
/** A job is due, and no page has bound its function. */
export type JobUnbound = OfInstant<'job_unbound'>;
/** A clock change of the zone decided about fires of a job. */
export interface JobClockChange extends OfJob<'job_clock_change'> {
  changedAt: Date;
  decision: 'gap_moved' | 'gap_skipped' | 'fold_first' | 'fold_last' | 'fold_both';
}
/** A job never fires again. */
export type JobFinished = OfJob<'job_finished'>;
export interface SchedulerStarted extends Told<'scheduler_started'> {
  role: Role;
}
/** This page's scheduler has stopped. */
export type SchedulerShutdown = Told<'scheduler_shutdown'>;
/** The worker is gone, or could not read a command. */
export interface SchedulerFailed extends Told<'scheduler_error'> {
  code: ErrorCode;
  message: string;
  /** Whether another worker is started; if not, the scheduler has stopped. */
  restarting: boolean;
}
export interface RoleChanged extends Told<'role_changed'> {
  role: Role;
}
/** What is decided can't be stored, and so waits. */
export interface StoreTroubled extends Told<'store_trouble'>, StoreTrouble {}
export type StoreRecovered = Told<'store_recovered'>;
/** The wall clock was set back: intervals go on as if it had not been. */
export interface ClockSetBack extends Told<'clock_set_back'> {
  generation: number;
}
/** Stored jobs that can't be read are kept aside. */
export interface JobsQuarantined extends Told<'jobs_quarantined'> {
  count: number;
}

/** All that a listener may be told. */
export type SchedulerEvent =
  | JobAdded
  | JobModified
  | JobPaused
  | JobResumed
  | JobRemoved
  | AllJobsRemoved
  | SchedulerPaused
  | SchedulerResumed
  | JobSubmitted
  | JobExecuted
  | JobFailed
  | JobTimedOut
  | JobAborted
  | JobAbandoned
  | JobMissed
  | JobCoalesced
  | JobSkipped
  | JobWaiting
  | JobUnbound
  | JobClockChange
  | JobFinished
  | SchedulerStarted
  | SchedulerShutdown
  | SchedulerFailed
  | RoleChanged
  | StoreTroubled
  | StoreRecovered
  | ClockSetBack
  | JobsQuarantined;

export type EventKind = SchedulerEvent['kind'];

/** The event of a kind. */
export type EventOf<Kind extends EventKind | '*'> = Kind extends '*'
  ? SchedulerEvent
  : Extract<SchedulerEvent, { kind: Kind }>;

// --------------------------------------------------------------------------------------------- scheduler

/** How a scheduler starts. */
export interface StartOptions {
  /**
   * `"indexeddb"` (default): shared by all tabs of the origin, kept over reloads. `"memory"`: this scheduler's own,
   * gone with it.
   */
  storage?: 'indexeddb' | 'memory';
  /** The namespace: one lock and one database for each. A board of the same name shares jobs and chains. */
  name?: string;
  /** Whether all jobs are held back from the start; as they were left without it. */
  paused?: boolean;
  /** Of sentences: English, or Chinese if it begins with `zh`. The browser's language without it. */
  locale?: string;
  /** For tests: a clock that stands still until `advance` moves it. */
  clock?: 'real' | { start: DateLike | number };
}

/**
 * `starting`: its worker is being started, also after a crash. `draining`: it begins no more fires, and waits for
 * those under way.
 */
export type SchedulerState = 'starting' | 'running' | 'draining' | 'stopped';

/** The leader's worker drives the engine for all tabs. */
export type Role = 'leader' | 'follower';

/** The store can't be written; what is decided waits. */
export interface StoreTrouble {
  /** The store's own words. */
  message: string;
  /** How often it has failed in a row. */
  failures: number;
  /** When it is tried again. */
  retryAt: Date;
}

/** How the engine is. */
export interface Health {
  store: StoreTrouble | null;
  /** How many stored rows could not be read, and are kept aside. */
  quarantined: number;
  /** How often the clock was found set back. */
  clockGeneration: number;
}

/** Why a call was not carried out. */
export type ErrorCode =
  | 'unknown_job'
  | 'job_exists'
  | 'invalid'
  | 'too_many'
  | 'version'
  | 'store'
  | 'stopped'
  | 'crashed'
  | 'worker'
  | 'database'
  | 'newer_database'
  | 'no_locks'
  | 'bad_message'
  | (string & {});

/** One thing that is wrong with a document. */
export interface Problem {
  /** Where: `trigger.dayOfWeek`, `jobs[2].coalesce`; empty for the document as a whole. */
  path: string;
  /** What, and how to mend it. */
  message: string;
}

/** A call that was not carried out. Its message is a sentence in the scheduler's language. */
export class SchedulerError extends Error {
  constructor(code: ErrorCode, message: string, problems?: Problem[]);
  readonly name: 'SchedulerError';
  readonly code: ErrorCode;
  /** With the code `invalid`: all that is wrong. */
  readonly problems: Problem[];
}

/** Jobs, their triggers, and the functions of this page that carry them out. */
export class Scheduler {
  private constructor();

  /** Starts a scheduler; resolves when its engine is there. */
  static start(options?: StartOptions): Promise<Scheduler>;

  readonly state: SchedulerState;
  readonly role: Role;
  /** Whether all jobs are held back, in all tabs. */
  readonly paused: boolean;
  readonly health: Health;

  /**
   * Calls `listener` with events of these kinds, of all tabs; `"*"` is all. Returns what ends that. Listeners are
   * called one by one, apart from all work: one that throws or is slow delays no fire.
   */
  on<Kind extends EventKind | '*'>(
    kinds: Kind | readonly Kind[],
    listener: (event: EventOf<Kind>) => unknown,
    options?: {
      /** Only events of this job. */
      job?: string;
    },
  ): () => void;

  /** Adds a job. Its function is bound before, so that the very first fire finds it. */
  addJob(job: JobDocument, options?: AddOptions): Promise<AddedJob>;
  /** Adds jobs, all or none, by one command. */
  addJobs(jobs: readonly JobDocument[], options?: AddOptions): Promise<AddedJob[]>;
  /** Changes some members of a job. A new trigger counts from now. */
  modifyJob(id: string, changes: JobChanges): Promise<void>;
  /** Gives a job another trigger, which counts from now. */
  rescheduleJob(id: string, trigger: TriggerDocument): Promise<void>;
  /** Pauses a job: it keeps its phase, and what passes meanwhile is skipped. */
  pauseJob(id: string): Promise<void>;
  resumeJob(id: string): Promise<void>;
  /** Removes a job. Its fires under way end by themselves (default), are aborted, or are waited for. */
  removeJob(id: string, options?: { mode?: 'let_finish' | 'abort' | 'wait' | 'letFinish' }): Promise<void>;
  /** Removes all jobs; fires under way go on. */
  removeAllJobs(): Promise<void>;

  /** One job, or null. */
  job(id: string): Promise<Job | null>;
  /** Jobs by id: all, or those with this tag and in this state. */
  jobs(filter?: { tag?: string; state?: JobState }): Promise<Job[]>;
  /** Carries a job out now, besides its schedule; while a fire is under way, after it. */
  runNow(id: string): Promise<void>;
  /** Carries out, one by one, the fires that a job would have had in a time that has passed. */
  backfill(id: string, from: DateLike | number, until: DateLike | number): Promise<void>;
  /** A job's next fires. */
  nextFires(id: string, count?: number): Promise<Date[]>;
  /** What a trigger says, in the scheduler's language, and its first fires. */
  preview(trigger: TriggerDocument, count?: number): Promise<{ words: string; fires: Date[] }>;
  /** A job's state in sentences, in the scheduler's language. */
  explain(id: string): Promise<string>;
  /** Recent fires, the latest first: of one job, or of all. */
  history(filter?: { job?: string; count?: number }): Promise<FireRecord[]>;

  /** Holds all jobs back, in all tabs, until `resume`. */
  pause(): Promise<void>;
  /** Lets jobs go on; what was due meanwhile is missed by each job's policy. */
  resume(): Promise<void>;

  /** Binds the function of a job that is stored, as each load of a page has to. */
  bind(id: string, run: Run): Promise<void>;
  /** This page does not carry the job out any more. */
  unbind(id: string): Promise<void>;

  /** All jobs as one document, JSON text. */
  export(): Promise<string>;
  /** Adds the jobs of such a document, all or none. Functions are bound by `bind`. */
  import(document: string | object, options?: AddOptions): Promise<AddedJob[]>;

  /**
   * Stops this page: it begins no more fires. Those under way may end by themselves for `timeout` ms (default
   * 30,000), then they are aborted; with `wait: false` at once. Resolves when the worker has ended.
   */
  shutdown(options?: { wait?: boolean; timeout?: number }): Promise<void>;

  /** For tests, with a test clock: moves the engine's clock by `ms`; resolves with its reading. */
  advance(ms: number, options?: { throughCalls?: boolean }): Promise<Date>;
}
