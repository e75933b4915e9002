//! What readers see of chains and runs. Stored records are types of their own: storage outlives a
//! build, messages do not.

use crate::chain::outline::{Hold, StageOutline};
use crate::chain::run::{Definition, Run};
use crate::chain::stage::{StageRun, StageState};
use crate::id::ChainId;
use crate::protocol::{ChainView, HoldView, RunView, ScheduleView, StageView};
use crate::time::{Timestamp, exact_ms};

pub(super) fn chain_view(
    id: &ChainId,
    revision: u32,
    definition: &Definition,
    environment: Option<String>,
    schedule: Option<ScheduleView>,
) -> ChainView {
    let chain = &definition.outline;
    let own = chain.stages.iter().filter(|stage| stage.again.is_none());
    ChainView {
        id: id.clone(),
        name: chain.name.clone(),
        description: chain.description.clone(),
        revision,
        stages: own.map(|stage| stage.name.clone()).collect(),
        environments: chain.environments.clone(),
        environment: environment.or_else(|| chain.environments.first().cloned()),
        secrets: chain.secrets.clone(),
        schedule,
    }
}

/// A run; `due` is when a stage of it is polled next.
pub(super) fn run_view(run: &Run, due: impl Fn(usize) -> Option<Timestamp>) -> RunView {
    let stages = run.definition.outline.stages.iter().zip(&run.stages).enumerate();
    RunView {
        id: run.id.clone(),
        chain: run.chain.clone(),
        name: run.definition.outline.name.clone(),
        revision: run.revision,
        number: run.number,
        environment: run.environment.clone(),
        retry_of: run.retry_of.clone(),
        phase: run.state.phase(),
        started_at: run.started_at,
        ended_at: run.state.ended_at(),
        frozen_since: run.state.frozen_since(),
        variables: run.variables.clone(),
        stages: stages
            .map(|(at, (rules, stage))| {
                let waits = matches!(stage.state, StageState::Waiting | StageState::Holding(_));
                stage_view(rules, stage, waits.then(|| due(at)).flatten())
            })
            .collect(),
    }
}

fn stage_view(rules: &StageOutline, stage: &StageRun, due: Option<Timestamp>) -> StageView {
    StageView {
        name: rules.name.clone(),
        system: rules.system.clone(),
        phase: stage.state.phase(),
        once: rules.once.is_some(),
        attempts: stage.attempts,
        begun_at: stage.begun_at,
        ended_at: stage.state.ended_at(),
        due,
        deadline: stage.deadline,
        interval_ms: exact_ms(rules.poll.interval),
        timeout_ms: exact_ms(rules.poll.timeout),
        reason: stage.reason.clone(),
        late: stage.late,
        flapping: stage.flapping,
        unconfirmed: stage.unconfirmed,
        hold: hold_view(rules, stage),
        captures: stage.captures.clone(),
        group: rules.group.clone(),
        again: rules.again,
        seeded_from: stage.seeded_from.clone(),
    }
}

fn hold_view(rules: &StageOutline, stage: &StageRun) -> Option<HoldView> {
    let hold = stage.state.hold()?;
    Some(match rules.poll.hold? {
        Hold::Lasting(need) => HoldView::Lasting { since: hold.since, need_ms: exact_ms(need) },
        Hold::Polls(need) => HoldView::Polls { seen: hold.polls, need },
    })
}
