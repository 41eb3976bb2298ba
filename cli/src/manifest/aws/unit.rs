use polyfn_shim::{
    event::Kind,
    manifest::{Entry, Manifest},
};

use super::{
    environment::{declare, variables},
    http,
    name::logical,
    parts::{Parts, attribute, reference, resource, sub},
    policy::{allow, role},
    trigger::{Function, source},
};
use crate::{
    failure::Failure,
    manifest::{Unit, yaml::Node},
};

/// How long an invocation takes at the most where no function says, in seconds; what an HTTP API waits.
const TIMEOUT: u64 = 30;
/// 15 minutes, the longest that Lambda lets one run.
const LONGEST: u64 = 900;
/// How much memory it gets where no function says, in MB; its share of a processor goes with it.
const MEMORY: u64 = 256;
/// What Lambda gives at the least and at the most.
pub(super) const LEAST_MEMORY: u64 = 128;
const MOST_MEMORY: u64 = 10_240;

/// Adds the Lambda function of a unit, with its role, its log group, and what delivers events to it.
pub(super) fn unit(manifest: &Manifest, unit: &Unit<'_>, artefacts: &str, parts: &mut Parts) -> Result<(), Failure> {
    let base = logical(unit.name);
    let (id, logs, taken) = (format!("{base}Function"), format!("{base}Logs"), format!("{base}Role"));
    let timeout = unit.functions.iter().map(seconds).max().unwrap_or(TIMEOUT);
    let memory = memory(unit.functions)?;
    let url = http::url(unit, &id, parts);
    let variables = variables(unit.functions)?;
    declare(&variables, manifest, parts);
    let (mut events, mut around) = (Node::map(), Parts::default());
    let mut policies =
        vec![("polyfn-logs".to_owned(), vec![allow(&["logs:CreateLogStream", "logs:PutLogEvents"], attribute(&logs, "Arn"))])];
    for entry in unit.functions {
        if entry.trigger == Kind::Http && url.is_none() {
            for (at, (name, event)) in http::routes(entry, parts)?.into_iter().enumerate() {
                events = events.with(name, if at == 0 { event.told(about(entry)) } else { event });
            }
        }
        if let Some(source) = source(Function { entry, timeout }, &mut around)? {
            let told =
                [about(entry), source.event.comment.clone()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
            events = events.with(logical(&entry.name), source.event.told(told.join("\n")));
            policies.push((entry.name.clone(), source.statements));
        }
    }
    let mut environment = Node::map()
        .with_some("POLYFN_FUNCTION", unit.selected)
        .with_some("POLYFN_RESPONSE_STREAM", http::streams(unit).then_some("true"));
    for variable in variables {
        let value = if variable.secret {
            sub(format!("{{{{resolve:secretsmanager:${{{}}}:SecretString}}}}", variable.parameter))
                .told("Read from Secrets Manager by who deploys; the function itself needs no right to.")
        } else {
            reference(&variable.parameter)
        };
        environment = environment.with(variable.name, value);
    }
    let some = |node: Node| if node.is_empty() { None } else { Some(node) };
    let properties = Node::map()
        .with("CodeUri", format!("{artefacts}/{}/bootstrap.zip", unit.name))
        .with("Handler", "bootstrap")
        .with("Runtime", "provided.al2023")
        .with(
            "Architectures",
            Node::list(["x86_64"]).told("What `cargo polyfn build` compiles for unless its `--target` says otherwise."),
        )
        .with("MemorySize", memory)
        .with("Timeout", timeout)
        .with("Role", attribute(&taken, "Arn"))
        .with("LoggingConfig", Node::map().with("LogGroup", reference(&logs)))
        .with_some("Environment", some(environment).map(|variables| Node::map().with("Variables", variables)))
        .with_some("FunctionUrlConfig", url)
        .with_some("Events", some(events));
    parts.resource(id.clone(), resource("AWS::Serverless::Function", properties).told(holds(unit)));
    parts.resource(taken, role("lambda.amazonaws.com", None, policies).told("What the function may do, and nothing else."));
    parts.resource(logs, resource("AWS::Logs::LogGroup", Node::map().with("RetentionInDays", 30_u64)));
    parts.output(format!("{id}Arn"), &format!("What invokes {}", unit.name), attribute(&id, "Arn"));
    parts.append(around);
    Ok(())
}

/// How long an invocation for this function may take, in whole seconds.
fn seconds(function: &Entry) -> u64 {
    function.timeout_ms.map_or(TIMEOUT, |timeout| timeout.div_ceil(1000).clamp(1, LONGEST))
}

fn memory(functions: &[Entry]) -> Result<u64, Failure> {
    let wanted = functions.iter().filter_map(|function| Some((u64::from(function.memory_mb?), function)));
    match wanted.max_by_key(|(memory, _)| *memory) {
        None => Ok(MEMORY),
        Some((memory, function)) if memory > MOST_MEMORY => Err(Failure::new(format!(
            "`{}`: Lambda gives at most {MOST_MEMORY} MB of memory; write `memory = \"{MOST_MEMORY}MB\"` or less",
            function.name
        ))),
        Some((memory, _)) => Ok(memory.max(LEAST_MEMORY)),
    }
}

/// What a function says of itself, above what delivers to it.
fn about(function: &Entry) -> String {
    function.doc.trim().to_owned()
}

/// Which functions the unit holds, and which of them are called by an Invoke.
fn holds(unit: &Unit<'_>) -> String {
    let list = |functions: &mut dyn Iterator<Item = &Entry>| {
        functions.map(|function| format!("`{}`", function.name)).collect::<Vec<_>>().join(", ")
    };
    let mut text = match unit.selected {
        Some(name) => format!("The function `{name}`."),
        None => format!("All functions of the program: {}.", list(&mut unit.functions.iter())),
    };
    let called = list(&mut unit.functions.iter().filter(|function| function.trigger == Kind::Direct));
    if !called.is_empty() {
        text.push_str(&format!("\nAn Invoke calls {called}."));
    }
    for function in unit.functions.iter().filter(|function| !function.native.is_empty()) {
        text.push_str(&format!("\n`{}` is not portable: {}.", function.name, function.native.join(", ")));
    }
    text
}
