//! What a chain says of its fields, for the matrix.

use super::document::Chain;
use crate::matrix::{Column, Known, MatrixView, matrix};

/// A run's fields, system by system. Stages that say nothing of fields are left out.
pub(super) fn matrix_of(chain: &Chain, stages: &[Known], reference: Option<&str>) -> MatrixView {
    let both = chain.stages.iter().zip(stages).zip(0u32..);
    let columns = both.clone().filter_map(|((stage, now), number)| {
        let record = stage.record.as_ref();
        let mapped = record.into_iter().flat_map(|record| &record.fields);
        let says = record.is_some() || !stage.not_carried.is_empty();
        says.then(|| Column {
            stage: number,
            name: &stage.name,
            system: stage.system.as_deref(),
            mapped: mapped.map(|(name, _)| name.as_str()).collect(),
            transformed: &stage.transformed,
            not_carried: &stage.not_carried,
            now,
        })
    });
    let columns: Vec<Column> = columns.collect();
    let mut sent = both.filter(|((stage, _), _)| stage.once.is_some());
    let sent_at = sent.next().and_then(|((_, now), _)| now.passed_at);
    let (key, expected) = match &chain.subject {
        Some(subject) => (subject.key.as_slice(), subject.expected_count),
        None => (&[][..], None),
    };
    matrix(&chain.fields, (key, expected), &columns, reference, sent_at)
}
