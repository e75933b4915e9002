//! Runs other programs: says what is going on while it does, keeps their output, ends them when this program is ended.
//!
//! Every child leads a process group of its own, and a group is ended as a whole: a browser that a test tool started
//! goes with the tool. A group is known by the id of the child that leads it, never by a name.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::clock::Stopwatch;
use crate::failure::Failure;
use crate::project::Project;

/// How often a long step says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often a child is asked whether it has ended.
const POLL: Duration = Duration::from_millis(20);
/// What a group gets between the polite signal and the other one.
const GRACE: Duration = Duration::from_secs(5);
/// No step is allowed to hang for ever.
const LIMIT: Duration = Duration::from_mins(30);
/// How much of a failed step's log is shown.
const TAIL_LINES: usize = 40;

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on, Ctrl-C and SIGTERM end every child before they end this program.
///
/// # Errors
/// When the handler cannot be installed.
pub(crate) fn end_children_on_interrupt() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        let groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for &group in &groups {
            signal(group, Signal::SIGTERM);
        }
        let waiting = Stopwatch::start();
        while waiting.elapsed() < GRACE && groups.iter().any(|&group| exists(group)) {
            thread::sleep(POLL);
        }
        for &group in &groups {
            signal(group, Signal::SIGKILL);
        }
        std::process::exit(130);
    })
    .map_err(|error| Failure::new("listening for Ctrl-C", error))
}

/// Lets the handler end this program, when it is at it: what a child ended by an interrupt left is no result.
pub(crate) fn give_way_to_interrupt() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        thread::sleep(POLL);
    }
}

/// A child and all that it started. Dropping ends them.
pub(crate) struct Group {
    child: Child,
    id: Pid,
}

impl Group {
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn spawn(command: &mut Command) -> Result<Self, Failure> {
        let name = command.get_program().to_string_lossy().into_owned();
        let step = format!("starting {name}");
        // The lock is held from the check to the entry, so that no child slips past the handler.
        let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
        if INTERRUPTED.load(Ordering::SeqCst) {
            return Err(Failure::new(step, "interrupted"));
        }
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| Failure::new(&step, error))?;
        let raw = i32::try_from(child.id()).map_err(|error| Failure::new(&step, error))?;
        let id = Pid::from_raw(raw);
        groups.push(id);
        Ok(Self { child, id })
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The child's end, if it came within `time`.
    ///
    /// # Errors
    /// When the system cannot say.
    pub(crate) fn ended_within(&mut self, time: Duration) -> Result<Option<ExitStatus>, Failure> {
        let waiting = Stopwatch::start();
        loop {
            let ended = self.child.try_wait();
            match ended.map_err(|error| Failure::new("waiting for a child", error))? {
                Some(status) => return Ok(Some(status)),
                None if waiting.elapsed() >= time => return Ok(None),
                None => thread::sleep(POLL),
            }
        }
    }

    fn end(&mut self) {
        signal(self.id, Signal::SIGTERM);
        if !matches!(self.ended_within(GRACE), Ok(Some(_))) {
            signal(self.id, Signal::SIGKILL);
            // Nothing is left to do about a child that even this does not end.
            let _ = self.child.wait();
        }
        // What the child left behind in its group.
        signal(self.id, Signal::SIGKILL);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            signal(self.id, Signal::SIGTERM);
        } else {
            self.end();
        }
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).retain(|&group| group != self.id);
    }
}

fn signal(group: Pid, signal: Signal) {
    // The group may have ended by itself, which is what we want.
    let _ = killpg(group, signal);
}

fn exists(group: Pid) -> bool {
    killpg(group, None).is_ok()
}

/// One program run to its end, its output kept in a log.
pub(crate) struct Step {
    title: String,
    command: Command,
    log: PathBuf,
    limit: Duration,
}

/// How a step ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    pub(crate) output: String,
    pub(crate) log: PathBuf,
}

impl Step {
    /// `title` is what people read: "compiling the browser crates".
    pub(crate) fn new(project: &Project, title: &str, program: impl AsRef<OsStr>) -> Self {
        let slug: String = title
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
            .collect();
        let mut command = Command::new(program);
        command.current_dir(&project.root).env("PATH", project.path_with_tools());
        Self {
            title: title.to_owned(),
            command,
            log: project.scratch().join("logs").join(format!("{slug}.log")),
            limit: LIMIT,
        }
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs to the end, whatever that is.
    ///
    /// # Errors
    /// When the program cannot be started or its log not be written.
    pub(crate) fn finish(mut self) -> Result<Finished, Failure> {
        let broken = |error: std::io::Error| {
            Failure::new(&self.title, format!("{}: {error}", self.log.display()))
        };
        self.log.parent().map_or(Ok(()), fs::create_dir_all).map_err(broken)?;
        let log = File::create(&self.log).map_err(broken)?;
        self.command.stdout(log.try_clone().map_err(broken)?).stderr(log);

        let clock = Stopwatch::start();
        let mut group = Group::spawn(&mut self.command)?;
        let status = loop {
            if let Some(status) = group.ended_within(HEARTBEAT)? {
                break Some(status);
            }
            let last = tail(&read_lossy(&self.log), 1);
            println!("    [{clock}] {}: {}", self.title, last.trim());
            if clock.elapsed() > self.limit {
                break None;
            }
        };
        give_way_to_interrupt();
        drop(group);
        let mut output = read_lossy(&self.log);
        if status.is_none() {
            output.push_str("\nended by xtask: it took longer than ");
            output.push_str(&crate::clock::spoken(self.limit));
        }
        Ok(Finished {
            success: status.is_some_and(|status| status.success()),
            output,
            log: self.log,
        })
    }

    /// Runs to a good end, with a line before and a line after.
    ///
    /// # Errors
    /// When it cannot be started or ends badly; the end of its log is part of the reason.
    pub(crate) fn run(self, project: &Project) -> Result<String, Failure> {
        let title = self.title.clone();
        let by_hand = self.by_hand();
        println!("  {title} ...");
        let clock = Stopwatch::start();
        let finished = self.finish()?;
        if finished.success {
            println!("  {title}: done in {clock}");
            return Ok(finished.output);
        }
        let why = format!(
            "the end of its log, {}:\n{}",
            project.shown(&finished.log),
            indent(&tail(&finished.output, TAIL_LINES))
        );
        Err(Failure::new(title, why)
            .mend(format!("after putting that right, or to see it alone: {by_hand}")))
    }

    fn by_hand(&self) -> String {
        let mut words = vec![self.command.get_program().to_string_lossy().into_owned()];
        words.extend(self.command.get_args().map(|word| quoted(&word.to_string_lossy())));
        words.join(" ")
    }
}

fn quoted(word: &str) -> String {
    if word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_=./:,+@%".contains(letter)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// What a quick program prints; `None` when it is not there or fails.
pub(crate) fn ask(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first program of that name on `PATH`, or the path itself when it is one.
pub(crate) fn on_path(path: &OsStr, program: &str) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn read_lossy(path: &Path) -> String {
    fs::read(path)
        .map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The last `count` lines that are not blank.
pub(crate) fn tail(text: &str, count: usize) -> String {
    let mut kept = VecDeque::with_capacity(count);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if kept.len() == count {
            kept.pop_front();
        }
        kept.push_back(line);
    }
    kept.make_contiguous().join("\n")
}

/// The part of a failed step's log that is worth showing.
pub(crate) fn failure_tail(output: &str) -> String {
    indent(&tail(output, TAIL_LINES))
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    | {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_skips_blank_lines() {
        assert_eq!(tail("a\n\nb\nc\n\n", 2), "b\nc");
        assert_eq!(tail("", 2), "");
    }

    #[test]
    fn a_command_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("--profile=wasm"), "--profile=wasm");
        assert_eq!(quoted("rust-src=1.95.0*"), "'rust-src=1.95.0*'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn a_dropped_group_is_ended() {
        let mut group = Group::spawn(Command::new("sleep").arg("600")).expect("sleep starts");
        assert!(group.ended_within(Duration::ZERO).expect("known").is_none());
        let id = group.id;
        drop(group);
        assert!(!exists(id));
    }

    #[test]
    fn a_program_that_is_not_there_says_nothing() {
        assert_eq!(ask("no-such-program-anywhere", &["--version"]), None);
    }
}
