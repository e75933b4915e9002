//! Reads a stage only as far as it judges answers, for a dry run: there nothing is sent.

use super::field_document::{Earlier, parse_fields};
use super::keys::STAGE;
use super::names::Names;
use super::outline::Poll;
use super::poll_document::{PollOf, parse_poll};
pub(crate) use super::stage_document::Judging;
use super::stage_document::{Strict, parse_judging};
use crate::document::{Object, Place, Problems};
use crate::time::exact_ms;
use crate::verify::record::Field;

/// A stage, as far as it judges.
pub(crate) struct DryStage {
    pub(crate) judging: Judging,
    pub(crate) attempt_timeout_ms: Option<u64>,
}

/// The chain's fields; none when they are not said, and any may be named.
pub(crate) fn parse_dry_fields(root: &Object, problems: &mut Problems) -> Option<Vec<Field>> {
    root.find("fields")?;
    parse_fields(root, problems)
}

pub(crate) fn parse_dry_stage(
    place: &Place,
    known: &[String],
    fields: Option<&[Field]>,
    recorded: &[(String, Vec<String>)],
    problems: &mut Problems,
) -> Option<DryStage> {
    let object = place.object(problems, &STAGE, &["group"])?;
    let mut names = Names::of_stage(known);
    let poll = match object.find("poll") {
        Some(place) => parse_poll(&place, &Poll::default(), PollOf::Stage, problems)?,
        None => Poll::default(),
    };
    let strict = if fields.is_some() { Strict::Yes } else { Strict::No };
    let earlier = Earlier { fields: fields.unwrap_or_default(), recorded };
    let judging = parse_judging(&object, &poll, &mut names, (earlier, strict), problems)?;
    Some(DryStage { judging, attempt_timeout_ms: Some(exact_ms(poll.attempt_timeout)) })
}
