//! The steps of a chain: its stages and groups of stages, in order. The stages of a group go on together;
//! and at the end all that was polled may be polled once more.

use super::document::{Chain, Stage};
use super::field_document::Earlier;
use super::keys::{GROUP, MAX_STAGES, STEP};
use super::outline::{Poll, StageOutline};
use super::stage_document::parse_stage;
use crate::document::{Object, Place, ProblemKind, Problems};
use crate::verify::record::Field;

/// Reads `stages`. Names that captures set are known from the next step on.
pub(super) fn parse_steps(
    root: &Object,
    problems: &mut Problems,
    known: &mut Vec<String>,
    poll: &Poll,
    fields: &[Field],
) -> Option<Vec<Stage>> {
    let place = root.need(problems, "stages")?;
    let items = place.items(problems, MAX_STAGES)?;
    if items.is_empty() {
        problems.push(&place, ProblemKind::Empty);
        return None;
    }
    let mut stages: Vec<Stage> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    let mut recorded = Vec::new();
    for item in items {
        // Stages of one step don't see what each other records.
        let recorded_before = recorded.clone();
        let earlier = Earlier { fields, recorded: &recorded_before };
        if item.value.get("group").is_none() {
            let read = parse_stage(&item, poll, known, earlier, problems);
            recorded.extend(read.as_ref().and_then(recorded_by));
            add(&mut stages, read.map(|stage| (stage, item)), known, problems);
            continue;
        }
        let Some((name, members)) = parse_group(&item, problems) else {
            continue;
        };
        if groups.contains(&name) {
            problems.push(&item, ProblemKind::Duplicate { name: name.to_owned() });
        }
        groups.push(name);
        let mut read = Vec::new();
        for member in members {
            if let Some(mut stage) = parse_stage(&member, poll, known, earlier, problems) {
                recorded.extend(recorded_by(&stage));
                stage.group = Some(name.to_owned());
                read.push((stage, member));
            }
        }
        add(&mut stages, read, known, problems);
    }
    if stages.len() > MAX_STAGES {
        let (seen, limit) = (stages.len() as u64, MAX_STAGES as u64);
        problems.push(&place, ProblemKind::TooMany { seen, limit });
    }
    Some(stages)
}

/// The fields that a stage records, by its name.
fn recorded_by(stage: &Stage) -> Option<(String, Vec<String>)> {
    let record = stage.record.as_ref()?;
    let names = record.fields.iter().map(|(name, _)| name.clone());
    Some((stage.name.clone(), names.collect()))
}

/// A group's name and its members, of which none is a group.
fn parse_group<'a>(item: &Place<'a>, problems: &mut Problems) -> Option<(&'a str, Vec<Place<'a>>)> {
    let object = item.object(problems, &STEP, &[])?;
    let group = object.need(problems, "group")?.object(problems, &GROUP, &[])?;
    let name = group.need(problems, "name").and_then(|place| place.name(problems));
    let list = group.need(problems, "stages")?;
    let members = list.items(problems, MAX_STAGES)?;
    if members.is_empty() {
        problems.push(&list, ProblemKind::Empty);
    }
    for member in &members {
        if member.value.get("group").is_some() {
            let kind = ProblemKind::NotTogether {
                key: "group".into(),
                with: "another group around it; put its stages there".into(),
            };
            problems.push(member, kind);
            return None;
        }
    }
    Some((name?, members))
}

/// Adds the stages of a step, whose names and captures are its own.
fn add<'a>(
    stages: &mut Vec<Stage>,
    read: impl IntoIterator<Item = (Stage, Place<'a>)>,
    known: &mut Vec<String>,
    problems: &mut Problems,
) {
    for (stage, place) in read {
        if stages.iter().any(|other| other.name == stage.name) {
            problems.push(&place, ProblemKind::Duplicate { name: stage.name.clone() });
        }
        for capture in &stage.captures {
            if known.contains(&capture.name) {
                let part = format!("captures.{}", capture.name);
                let kind = ProblemKind::Duplicate { name: capture.name.clone() };
                problems.push(&place.part(&part), kind);
            }
            known.push(capture.name.clone());
        }
        stages.push(stage);
    }
}

/// Each stage once more, if that is asked for: not those that are sent once.
pub(super) fn again(chain: &Chain) -> impl Iterator<Item = StageOutline> {
    let all = chain.verify_again.then_some(&chain.stages).into_iter().flatten().enumerate();
    all.filter(|(_, stage)| stage.once.is_none()).map(|(index, stage)| StageOutline {
        group: None,
        again: u32::try_from(index).ok(),
        poll: Poll {
            initial_delay: std::time::Duration::ZERO,
            max_attempts: None,
            late_after: None,
            hold: None,
            ..stage.poll.clone()
        },
        ..stage.outline()
    })
}
