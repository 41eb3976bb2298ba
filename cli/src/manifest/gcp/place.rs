use polyfn_shim::manifest::Manifest;

use super::name;
use crate::{
    failure::Failure,
    manifest::{Needs, Unit, Units, is_public},
};

/// How long Cloud Run waits for an answer unless it is told otherwise.
///
/// Source: [Request timeout](https://cloud.google.com/run/docs/configuring/request-timeout).
pub(super) const TIMEOUT: u64 = 300;

/// Where a unit runs: a service of Cloud Run.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) unit: Unit<'a>,
    /// The service.
    pub(super) service: String,
    /// The id of the account that it runs as.
    pub(super) account: String,
    /// The service's description.
    pub(super) file: String,
    pub(super) needs: Needs<'a>,
    /// Whether anyone may call it.
    pub(super) public: bool,
}

impl<'a> Place<'a> {
    /// The services of a program.
    ///
    /// # Errors
    /// A unit that cannot have a name there, or two that would have the same.
    pub(super) fn all(manifest: &'a Manifest, units: Units) -> Result<Vec<Self>, Failure> {
        let mut places: Vec<Self> = Vec::new();
        for unit in units.of(manifest) {
            let (service, file) = match unit.selected {
                Some(function) => (format!("{}-{function}", manifest.program), format!("{}/service.yaml", unit.name)),
                None => (unit.name.to_owned(), "service.yaml".to_owned()),
            };
            let service = name::service(&service)?;
            if let Some(other) = places.iter().find(|place| place.service == service) {
                return Err(Failure::new(format!(
                    "`{}` and `{}` would both be the service `{service}` of Cloud Run; rename one",
                    other.unit.name, unit.name
                )));
            }
            let (account, needs) = (name::account(&service, "runtime"), Needs::of(unit.functions));
            for variable in needs.env.iter().chain(&needs.secrets) {
                check(variable)?;
            }
            places.push(Self { unit, service, account, file, needs, public: is_public(unit.functions) });
        }
        Ok(places)
    }
}

/// The names of variables that both a shell and Cloud Run take; the latter sets some itself.
///
/// Source: [Reserved names](https://cloud.google.com/run/docs/configuring/services/environment-variables#reserved).
fn check(variable: &str) -> Result<(), Failure> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let reserved = ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];
    if variable.is_empty() || variable.starts_with(|first: char| first.is_ascii_digit()) || !variable.bytes().all(word) {
        return Err(Failure::new(format!(
            "`{variable}` is no name of a variable of the environment; write such as `TABLE_NAME`"
        )));
    }
    if reserved.contains(&variable) {
        return Err(Failure::new(format!("Cloud Run sets `{variable}` itself; call the variable otherwise")));
    }
    Ok(())
}
