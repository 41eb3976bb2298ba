use std::{env, path::Path, time::Duration};

use super::{ACCOUNT, REGION};

/// What a deployment says of a function, as Lambda's own `FunctionConfiguration` does.
///
/// ```
/// use std::time::Duration;
///
/// use polyfn_shim::local::aws::Configuration;
///
/// let configuration = Configuration { timeout: Duration::from_secs(30), ..Configuration::default() };
/// assert_eq!(configuration.arn(), "arn:aws:lambda:us-east-1:123456789012:function:local");
/// ```
///
/// Source: [Lambda environment variables](https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The function's name.
    pub name: String,
    /// Its memory in MB. It is told of it and not held to it.
    pub memory: u32,
    /// How long an invocation may take; its environment is killed after that.
    pub timeout: Duration,
    /// How many environments there are at most; what comes while all are busy waits.
    pub environments: usize,
    /// How many invocations an environment takes at once; more than one are a managed instance.
    pub concurrency: usize,
    /// The names of what would lie in `/opt/extensions`: such an extension may ask to be told of the end.
    pub extensions: Vec<String>,
}

/// As Lambda makes a function of which only the name is known: 128 MB, three seconds, one invocation an environment.
impl Default for Configuration {
    fn default() -> Self {
        Self {
            name: "local".to_owned(),
            memory: 128,
            timeout: Duration::from_secs(3),
            environments: 1,
            concurrency: 1,
            extensions: Vec::new(),
        }
    }
}

impl Configuration {
    /// The function's ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.name)
    }

    /// What Lambda sets in the environment of a program. Credentials are left to whoever starts it.
    pub(super) fn env(&self, api: &str, program: &Path) -> Vec<(String, String)> {
        let root = program.parent().unwrap_or(Path::new(".")).display().to_string();
        let kind = if self.concurrency > 1 { "lambda-managed-instances" } else { "on-demand" };
        let mut env = vec![
            ("AWS_LAMBDA_RUNTIME_API", api.to_owned()),
            ("_HANDLER", "bootstrap".to_owned()),
            ("LAMBDA_TASK_ROOT", root),
            ("AWS_LAMBDA_FUNCTION_NAME", self.name.clone()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", self.memory.to_string()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", self.name)),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "local/[$LATEST]0123456789abcdef".to_owned()),
            ("AWS_LAMBDA_LOG_FORMAT", "Text".to_owned()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", kind.to_owned()),
            ("TZ", ":UTC".to_owned()),
        ];
        if self.concurrency > 1 {
            env.push(("AWS_LAMBDA_MAX_CONCURRENCY", self.concurrency.to_string()));
        }
        // Whoever has a region of their own works against real services in it.
        let regions = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().filter(|name| env::var_os(name).is_none());
        env.extend(regions.map(|name| (name, REGION.to_owned())));
        env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
