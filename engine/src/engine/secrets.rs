//! Secrets, and what the user has set for a chain beside its document: kept here, and in rows of their own.
//! A value leaves by two ways only: into its row, and in the questions about requests and their answers.

use super::Engine;
use super::records::{ChainRecord, put, read};
use crate::chain::run::{Definition, Run};
use crate::chain::{NotFilled, RunScope, StageOf};
use crate::form::object;
use crate::id::ChainId;
use crate::outbox::Effect;
use crate::protocol::{Event, Refusal, Reply, Told};
use crate::secrets::{
    LEAST_CHARACTERS, MOST_CHARACTERS, MOST_NAME_CHARACTERS, Secret, SecretText, SecretView,
    SecretWant, is_name,
};
use crate::store::{Row, Table, Write};
use crate::time::Timestamp;

/// How many secrets there may be.
const MAX_SECRETS: usize = 200;
/// To how many origins one may go.
const MAX_ORIGINS: usize = 50;
/// How many values are remembered that were replaced or removed; the oldest go first.
const MAX_FORMER: usize = 100;

/// What the user has set for a chain. None of it is in its document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Setting {
    /// In which environment it is started.
    pub(super) environment: Option<String>,
    /// Why its schedule's last start was refused.
    pub(super) refused: Option<Told<Refusal>>,
}

/// All secrets, in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// Each with its environment.
    known: Vec<(String, Secret)>,
}

/// A secret's row.
struct SecretRecord {
    value: SecretText,
    origins: Vec<String>,
}

object!(SecretRecord: value, origins);

impl Secrets {
    /// Those of an environment, and what systems that were sent one before may still answer with.
    pub(super) fn of(&self, environment: Option<&str>) -> Vec<Secret> {
        let environment = environment.unwrap_or_default();
        let of = self.known.iter().filter(|(of, _)| of == environment);
        of.map(|(_, secret)| secret.clone()).collect()
    }

    fn views(&self) -> Vec<SecretView> {
        let known = self.known.iter().filter(|(_, secret)| !secret.former);
        let view = |(environment, secret): &(String, Secret)| SecretView {
            environment: environment.clone(),
            name: secret.name.clone(),
            origins: secret.origins.clone(),
        };
        known.map(view).collect()
    }

    fn place(&self, environment: &str, name: &str) -> Option<usize> {
        let is_it = |(of, secret): &(String, Secret)| {
            of == environment && secret.name == name && !secret.former
        };
        self.known.iter().position(is_it)
    }

    /// Sends it no more.
    fn retire(&mut self, place: usize) {
        if let Some((_, secret)) = self.known.get_mut(place) {
            secret.former = true;
        }
        let is_former = |(_, secret): &(String, Secret)| secret.former;
        if self.known.iter().filter(|known| is_former(known)).count() > MAX_FORMER
            && let Some(oldest) = self.known.iter().position(is_former)
        {
            self.known.remove(oldest);
        }
    }

    /// Takes a row up.
    pub(super) fn restore(&mut self, row: &Row) -> Option<()> {
        let (environment, name) = row.key.rsplit_once('/')?;
        let SecretRecord { value, origins } = read(row)?;
        let secret = Secret { name: name.to_owned(), value, origins, former: false };
        self.known.push((environment.to_owned(), secret));
        Some(())
    }
}

impl Engine {
    pub(super) fn set_secret(
        &mut self,
        environment: &str,
        name: &str,
        value: Option<&SecretText>,
        origins: &[String],
    ) -> Result<Reply, Refusal> {
        let place = self.secrets.place(environment, name);
        let before = place.and_then(|place| self.secrets.known.get(place));
        let before = before.map(|(_, secret)| secret.value.clone());
        let value = value.or(before.as_ref()).ok_or(Refusal::NoSecret)?.clone();
        if !is_secret(&value) || name.len() > MOST_NAME_CHARACTERS || !is_name(name) {
            return Err(Refusal::NoSecret);
        }
        if place.is_none() && self.secrets.known.len() >= MAX_SECRETS {
            return Err(super::commands::too_many("secrets", MAX_SECRETS));
        }
        if origins.len() > MAX_ORIGINS {
            return Err(super::commands::too_many("origins", MAX_ORIGINS));
        }
        let record = SecretRecord { value: value.clone(), origins: origins.to_vec() };
        self.outbox.write(put(Table::Secrets, secret_key(environment, name), &record));
        match place {
            Some(place) if before.as_ref() != Some(&value) => self.secrets.retire(place),
            Some(place) => drop(self.secrets.known.remove(place)),
            None => {}
        }
        let SecretRecord { value, origins } = record;
        let secret = Secret { name: name.to_owned(), value, origins, former: false };
        self.secrets.known.push((environment.to_owned(), secret));
        self.tell_secrets();
        Ok(Reply::Ok)
    }

    pub(super) fn remove_secret(&mut self, environment: &str, name: &str) -> Reply {
        if let Some(place) = self.secrets.place(environment, name) {
            let key = secret_key(environment, name);
            self.outbox.write(Write::Delete { table: Table::Secrets, key });
            self.secrets.retire(place);
            self.tell_secrets();
        }
        Reply::Ok
    }

    fn tell_secrets(&mut self) {
        self.outbox.push(Effect::Tell(Event::Secrets(self.secrets.views())));
    }

    pub(super) fn secret_views(&self) -> Vec<SecretView> {
        self.secrets.views()
    }

    /// Refuses a run that lacks secrets.
    pub(super) fn check_secrets(&self, run: &Run, now: Timestamp) -> Result<(), Refusal> {
        if run.definition.outline.secrets.is_empty() {
            return Ok(());
        }
        let environment = run.environment.as_deref();
        let scope = RunScope { secrets: self.secrets.of(environment), ..run.scope(0, now) };
        let Definition { document, outline } = &*run.definition;
        let mut wants: Vec<SecretWant> = Vec::new();
        for stage in 0..outline.stages.iter().filter(|stage| stage.again.is_none()).count() {
            // What else keeps a request from being filled in is found at its time.
            if let Err(NotFilled::KeptBack(kept)) =
                self.language.request(StageOf { document, stage }, &scope)
            {
                for want in kept {
                    if !wants.contains(&want) {
                        wants.push(want);
                    }
                }
            }
        }
        if wants.is_empty() {
            return Ok(());
        }
        let environment = environment.unwrap_or_default().to_owned();
        Err(Refusal::Secrets { environment, wants: Told::of(&wants) })
    }

    // ------------------------------------------------------------------------------ a chain's setting

    pub(super) fn choose_environment(
        &mut self,
        chain: &ChainId,
        environment: &str,
    ) -> Result<Reply, Refusal> {
        let (_, definition) = self.latest(chain)?;
        let environments = &definition.outline.environments;
        let Some(known) = environments.iter().find(|known| *known == environment) else {
            return Err(Refusal::UnknownEnvironment(environment.to_owned()));
        };
        let setting = self.setting(chain);
        self.set(chain, Setting { environment: Some(known.clone()), ..setting });
        Ok(Reply::Ok)
    }

    pub(super) fn setting(&self, chain: &ChainId) -> Setting {
        self.settings.get(chain).cloned().unwrap_or_default()
    }

    /// Notes why a start was refused that nobody was there to see; none when one was not.
    pub(super) fn note_refusal(&mut self, chain: &ChainId, refused: Option<Told<Refusal>>) {
        let setting = self.setting(chain);
        if setting.refused != refused {
            self.set(chain, Setting { refused, ..setting });
        }
    }

    /// Writes a setting, and tells it with its chain.
    fn set(&mut self, chain: &ChainId, setting: Setting) {
        let Ok((revision, definition)) = self.latest(chain) else { return };
        self.settings.insert(chain.clone(), setting);
        self.outbox.write(self.chain_row(chain, revision));
        let view = self.chain_view(chain, revision, &definition);
        self.outbox.push(Effect::Tell(Event::ChainChanged(view)));
    }

    pub(super) fn chain_row(&self, chain: &ChainId, revision: u32) -> Write {
        let Setting { environment, refused } = self.setting(chain);
        put(Table::Chains, chain.to_string(), &ChainRecord { revision, environment, refused })
    }
}

fn secret_key(environment: &str, name: &str) -> String {
    [environment, "/", name].concat()
}

fn is_secret(SecretText(value): &SecretText) -> bool {
    let characters = value.chars().count();
    (LEAST_CHARACTERS..=MOST_CHARACTERS).contains(&characters)
        && !value.chars().any(char::is_control)
}
