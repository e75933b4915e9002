//! The form of every message of the upper border, and with it of all that is stored of the same types:
//! `engine/records` has the rest. A page without Rust reads and writes messages by this file.

use super::{
    Answer, AttemptPhase, AttemptView, Body, ChainView, Clock, Command, Envelope, Event, Evidence,
    Fatal, FromWorker, Health, Hidden, HoldView, HttpRequest, HttpResponse, Order, Pace,
    ReadingView, Refusal, Reply, Role, RunPhase, RunView, ScheduleView, Snapshot, StagePhase,
    StageView, Start, Storage, StoreTrouble, ToWorker, Transport,
};
use crate::chain::{Problem, ProblemKind};
use crate::form::{object, variants};
use crate::verify::{
    Diagnosis, History, NotJson, Op, Permission, Reason, Record, Recorded, Records, Verdict,
    WrongReadings,
};

// ------------------------------------------------------------------------------------ to the worker

variants!(ToWorker:
    "start" Start(start),
    "command" Command(order),
    "proxy_token" ProxyToken { token },
    "advance" Advance { ms, pace },
);
object!(Start: name, storage, clock, samples, client);
variants!(Storage: "indexeddb" IndexedDb, "memory" Memory);
variants!(Clock: "real" Real, "test" Test { start_ms });
object!(Order: version, id, command);
variants!(Command:
    "subscribe" Subscribe,
    "check_document" CheckDocument { document },
    "save_chain" SaveChain { chain, document, base },
    "remove_chain" RemoveChain { chain },
    "read_chain" ReadChain { chain },
    "start_run" StartRun { run, chain, environment },
    "retry_run" RetryRun { run, from, stage },
    "choose_environment" ChooseEnvironment { chain, environment },
    "set_secret" SetSecret { environment, name, value, origins },
    "remove_secret" RemoveSecret { environment, name },
    "arm_schedule" ArmSchedule { chain, armed },
    "pause_run" PauseRun { run },
    "resume_run" ResumeRun { run },
    "cancel_run" CancelRun { run },
    "poll_now" PollNow { run },
    "remove_run" RemoveRun { run },
    "keep_in" KeepIn { storage },
    "read_run" ReadRun { run },
    "list_attempts" ListAttempts { run },
    "read_evidence" ReadEvidence { run, stage, attempt },
    "read_rows" ReadRows { run, part },
    "take_over" TakeOver(copy),
    "retain" Retain { policy, free },
    "matrix" Matrix { run, reference },
    "jobs" Jobs { client, command },
);

// ---------------------------------------------------------------------------------- from the worker

variants!(FromWorker:
    "event" Event(envelope),
    "role" Role(role),
    "advanced" Advanced { now_ms },
    "fatal" Fatal(fatal),
);
variants!(Pace: "awake" Awake, "through_calls" ThroughCalls, "asleep" Asleep);
variants!(Role: "leader" Leader, "follower" Follower);
variants!(Fatal:
    "newer_database" NewerDatabase,
    "database" Database { message },
    "no_locks" NoLocks,
    "bad_message" BadMessage { message },
    "crashed" Crashed { message },
);
object!(Envelope: version, epoch, seq, at, event);
variants!(Event:
    "snapshot" Snapshot(snapshot),
    "chain_changed" ChainChanged(view),
    "chain_removed" ChainRemoved(chain),
    "run_changed" RunChanged(view),
    "run_removed" RunRemoved(run),
    "attempt_changed" AttemptChanged(view),
    "secrets" Secrets(views),
    "health" Health(health),
    "jobs" Jobs(events),
    "done" Done { id, reply },
    "refused" Refused { id, refusal },
);
object!(Snapshot: chains, runs, secrets, health);
object!(Health: store, in_memory, quarantined, clock_generation, standby);
object!(StoreTrouble: message, failures, retry_at);
variants!(Reply:
    "ok" Ok,
    "checked" Checked { problems, warnings },
    "saved" Saved { revision },
    "document" Document { document, revision },
    "run" Run(view),
    "attempts" Attempts(views),
    "evidence" Evidence(evidence),
    "rows" Rows(rows),
    "taken_over" TakenOver(became),
    "retained" Retained { policy, evidence },
    "matrix" Matrix(view),
    "jobs" Jobs(reply),
);
variants!(Refusal:
    "version" Version { engine },
    "unknown_chain" UnknownChain(chain),
    "unknown_run" UnknownRun(run),
    "unknown_job" UnknownJob(job),
    "job_exists" JobExists(job),
    "unknown_environment" UnknownEnvironment(name),
    "secrets" Secrets { environment, wants },
    "no_secret" NoSecret,
    "ended" Ended(run),
    "not_ended" NotEnded(run),
    "not_running" NotRunning(run),
    "not_frozen" NotFrozen(run),
    "sent_once" SentOnce(run),
    "stages_changed" StagesChanged { revision },
    "not_passed" NotPassed { stage },
    "no_schedule" NoSchedule(chain),
    "no_evidence" NoEvidence,
    "unreadable" Unreadable { row },
    "invalid" Invalid(problems),
    "conflict" Conflict { revision },
    "too_many" TooMany { what, limit },
    "language" Language { message },
    "store" Store { message },
);
object!(Problem: path, kind);
variants!(ProblemKind:
    "syntax" Syntax { line, column, message },
    "too_large" TooLarge { bytes, limit },
    "too_many" TooMany { seen, limit },
    "too_deep" TooDeep { limit },
    "version" Version { got },
    "missing_key" MissingKey { key },
    "unknown_key" UnknownKey { key, meant },
    "not_carried_out" NotCarriedOut { key },
    "wrong_type" WrongType { want, got },
    "unknown_word" UnknownWord { word, meant, known },
    "empty" Empty,
    "duplicate" Duplicate { name },
    "duration" Duration { got },
    "out_of_range" OutOfRange { got, least, most },
    "not_together" NotTogether { key, with },
    "needs" Needs { key, needs },
    "path" Path { message },
    "template" Template { message },
    "unknown_name" UnknownName { name, meant },
    "not_a_number" NotANumber { got },
    "id" Id { message },
    "repeats" Repeats { method },
    "said" Said { en, zh },
);

// -------------------------------------------------------------------------------------------- views

object!(ChainView:
    id, name, description, revision, stages, environments, environment, secrets, schedule,
);
object!(ScheduleView: armed, next, trigger, refused);
object!(RunView:
    id, chain, name, revision, number, environment, retry_of, phase, started_at, ended_at, frozen_since, variables,
    stages,
);
variants!(RunPhase:
    "running" Running,
    "paused" Paused,
    "blocked" Blocked,
    "passed" Passed,
    "failed" Failed,
    "timed_out" TimedOut,
    "cancelled" Cancelled,
);
object!(StageView:
    name, system, phase, once, attempts, begun_at, ended_at, due, deadline, interval_ms, timeout_ms, reason, late,
    flapping, unconfirmed, hold, captures, group, again, seeded_from,
);
variants!(StagePhase:
    "not_started" NotStarted,
    "waiting" Waiting,
    "calling" Calling,
    "holding" Holding,
    "passed" Passed,
    "failed" Failed,
    "timed_out" TimedOut,
    "cancelled" Cancelled,
);
variants!(HoldView: "lasting" Lasting { since, need_ms }, "polls" Polls { seen, need });

// ------------------------------------------------------------------------------ told and stored too

object!(AttemptView:
    run, stage, number, phase, scheduled_at, begun_at, ended_at, latency_ms, transport, method, url, status,
    redirected_to, reason, readings,
);
variants!(AttemptPhase:
    "calling" Calling,
    "judged" Judged(verdict),
    "lost" Lost,
    "aborted" Aborted,
);
object!(ReadingView: place, rule, expected, selected, locations, verdict, reason);
variants!(Verdict: "pass" Pass, "pending" Pending, "fail" Fail);
variants!(Transport: "direct" Direct, "proxy" Proxy, "demo" Demo);
object!(Evidence: request, answer, cut);
object!(HttpRequest: method, url, headers, body, with_credentials);
variants!(Answer:
    "response" Response(response),
    "no_response" NoResponse(diagnosis),
    "timeout" Timeout,
);
object!(HttpResponse: status, headers, body, redirected_to, hidden);
variants!(Hidden: "unexposed" Unexposed, "withheld" Withheld(names));
variants!(Body: "text" Text(text), "too_large" TooLarge);
variants!(Reason:
    "network" Network { diagnosis },
    "attempt_timeout" AttemptTimeout { after_ms },
    "status_not_yet" StatusNotYet { status },
    "status_wrong" StatusWrong { status },
    "body_too_large" BodyTooLarge { limit_bytes },
    "not_json" NotJson { kind },
    "not_json_again" NotJsonAgain { kind, in_a_row },
    "needs_access" NeedsAccess { status },
    "all_pass" AllPass { checks },
    "holds" Holds { what, got },
    "missing" Missing { what },
    "null" Null { what },
    "differs" Differs { what, got, want },
    "not_convertible" NotConvertible { what, got, filter },
    "still_in_progress" StillInProgress { what, got },
    "count_below" CountBelow { what, seen, want },
    "count_reached" CountReached { what, seen, want },
    "count_above" CountAbove { what, seen, want, duplicates },
    "matched" Matched { what, seen },
    "too_many_nodes" TooManyNodes { what, limit },
    "bad_path" BadPath { what, message },
    "empty_body" EmptyBody,
    "header_hidden" HeaderHidden { name },
    "header_withheld" HeaderWithheld { name },
    "not_there" NotThere { what },
    "null_in" NullIn { what, nth, of },
    "missing_in" MissingIn { what, nth, of },
    "unlike" Unlike { what, got, op, want },
    "not_comparable" NotComparable { what, got, op },
    "no_zone" NoZone { what, got },
    "unknown_zone" UnknownZone { what, zone },
    "target_not_convertible" TargetNotConvertible { want, filter },
    "no_number" NoNumber { want, op },
    "schema_fails" SchemaFails { what, at, got, keyword, want },
    "bad_pattern" BadPattern { what, message },
    "not_recorded" NotRecorded { stage, field },
    "needs_hold" NeedsHold { what },
    "count_beyond" CountBeyond { what, seen, most, duplicates },
    "sum_below" SumBelow { what, seen, want },
    "sum_reached" SumReached { what, seen, want },
    "sum_above" SumAbove { what, seen, want },
    "value_too_long" ValueTooLong { what, limit_bytes },
    "both" Both { first, second },
    "unconfirmed" Unconfirmed { seen, need, wrong },
    "stop_holds" StopHolds { what, got },
    "capture_missing" CaptureMissing { name },
    "capture_several" CaptureSeveral { name, seen },
    "unresolved" Unresolved { name },
    "deadline_passed" DeadlinePassed { timeout_ms, last, since },
    "attempts_used_up" AttemptsUsedUp { attempts, last, since },
    "sent_not_accepted" SentNotAccepted { answer },
    "no_longer_holds" NoLongerHolds { stage, now },
    "may_have_been_sent" MayHaveBeenSent,
    "taken_as_sent" TakenAsSent,
    "attempt_lost" AttemptLost,
);
variants!(Op:
    "equals" Equals,
    "not_equals" NotEquals,
    "one_of" OneOf,
    "contains" Contains,
    "not_contains" NotContains,
    "starts_with" StartsWith,
    "ends_with" EndsWith,
    "matches" Matches,
    "between" Between,
    "at_least" AtLeast,
    "at_most" AtMost,
    "greater_than" GreaterThan,
    "less_than" LessThan,
    "exists" Exists,
    "absent" Absent,
    "newer_than" NewerThan,
    "older_than" OlderThan,
    "schema" Schema,
    "same_as" SameAs,
);
object!(History: let_in, not_json_in_a_row, wrong);
object!(WrongReadings: place, count, selected);
object!(Records: rows, seen, trouble);
object!(Record: fields);
object!(Recorded: field, raw, normalised, trouble);
variants!(Diagnosis:
    "offline" Offline,
    "mixed_content" MixedContent,
    "own_policy" OwnPolicy { target },
    "forbidden_header" ForbiddenHeader { name },
    "bad_address" BadAddress { message },
    "secret" Secret(want),
    "not_allowed" NotAllowed(wanted),
    "no_answer" NoAnswer,
    "unread" Unread(wanted),
    "proxy" Proxy { code, about },
);
object!(Permission: origin, target, method, headers, credentials);
variants!(NotJson:
    "empty" Empty, "html" Html, "truncated" Truncated, "too_deep" TooDeep,
    "garbled" Garbled, "text" Text,
);
