use std::collections::BTreeMap;

use polyfn_shim::manifest::{Entry, Manifest};

use super::{
    name::of_variable,
    parts::{Parts, parameter},
};
use crate::failure::Failure;

/// A variable of the environment that a deployment has to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    /// The parameter of the template that says what it is.
    pub(super) parameter: String,
    /// Whether the parameter is the name or the ARN of a secret.
    pub(super) secret: bool,
}

/// The variables that functions declare, each once, in the order in which they do.
///
/// # Errors
/// If two cannot be told apart as parameters.
pub(super) fn variables(functions: &[Entry]) -> Result<Vec<Variable>, Failure> {
    let (mut variables, mut known): (Vec<Variable>, BTreeMap<String, String>) = (Vec::new(), BTreeMap::new());
    for function in functions {
        let plain = function.env.iter().filter(|name| !is_given(name)).map(|name| (name, "Env"));
        for (name, kind) in plain.chain(function.secrets.iter().map(|name| (name, "Secret"))) {
            let parameter = format!("{kind}{}", of_variable(name));
            match known.insert(parameter.clone(), name.clone()) {
                None => variables.push(Variable { name: name.clone(), parameter, secret: kind == "Secret" }),
                Some(other) if other == *name => {}
                Some(other) => {
                    return Err(Failure::new(format!("`{other}` and `{name}` are both the parameter {parameter}; rename one")));
                }
            }
        }
    }
    Ok(variables)
}

/// Whether Lambda itself sets a variable, which nobody else may.
///
/// Source: [Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
fn is_given(name: &str) -> bool {
    name.starts_with("AWS_") || name.starts_with('_') || matches!(name, "LAMBDA_TASK_ROOT" | "LAMBDA_RUNTIME_DIR" | "TZ")
}

/// Adds the parameters of variables.
pub(super) fn declare(variables: &[Variable], manifest: &Manifest, parts: &mut Parts) {
    for Variable { name, parameter: id, secret } in variables {
        if *secret {
            let default = format!("{}/{name}", manifest.program);
            parts.parameter(
                id.clone(),
                parameter(&format!("Name or ARN of the secret of Secrets Manager that {name} holds"), Some(&default)),
            );
        } else {
            parts.parameter(id.clone(), parameter(&format!("What {name} is in the environment"), None));
        }
    }
}
