use std::sync::{Arc, atomic::Ordering};

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::{Mutex, Semaphore};

use super::{Configuration, environment::Environment, invoke::Invoke};
use crate::local::{Delivering, Process, ProcessError, Program};

/// Lambda with one function, whose program runs as a process of its own behind the Runtime API.
///
/// An environment is started when a delivery needs it and serves one after the other. One whose program ends, or whose
/// invocation takes too long, is gone, and the next delivery gets a new one. An invocation that has begun goes on if nobody
/// waits for it any more.
///
/// Source: [Lambda execution environment](https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
#[derive(Clone, Debug)]
pub struct Lambda(Arc<Inner>);

struct Inner {
    program: Program,
    configuration: Configuration,
    room: Semaphore,
    environments: Mutex<Vec<Arc<Environment>>>,
}

impl Lambda {
    /// A function whose program is started like this. Nothing is started yet.
    pub fn new(program: Program, configuration: Configuration) -> Self {
        let most = configuration.environments.max(1).saturating_mul(configuration.concurrency.max(1));
        let room = Semaphore::new(most.min(Semaphore::MAX_PERMITS));
        let configuration = Configuration { concurrency: configuration.concurrency.max(1), ..configuration };
        Self(Arc::new(Inner { program, configuration, room, environments: Mutex::default() }))
    }

    /// Ends every environment as Lambda does with one that it does not need any more; the next delivery starts a new one.
    ///
    /// A program with an extension gets SIGTERM and 150 ms, or 600 ms beside an external one; then SIGKILL.
    pub async fn shut_down(&self) {
        let environments = std::mem::take(&mut *self.0.environments.lock().await);
        for environment in environments {
            environment.shut_down().await;
        }
    }
}

impl Inner {
    async fn invoke(&self, invoke: Invoke) -> Result<Response<Bytes>, ProcessError> {
        // Nobody closes it.
        let _room = self.room.acquire().await.map_err(|error| ProcessError::Broken(error.to_string()))?;
        let environment = self.environment().await?;
        let done = environment.invoke(invoke).await;
        environment.busy.fetch_sub(1, Ordering::Relaxed);
        if !done.goes_on {
            self.environments.lock().await.retain(|other| !Arc::ptr_eq(other, &environment));
        }
        done.reply
    }

    /// One with room for an invocation, which it has then.
    async fn environment(&self) -> Result<Arc<Environment>, ProcessError> {
        // Held while one starts, so that deliveries that come meanwhile share it if they may.
        let mut environments = self.environments.lock().await;
        environments.retain(|environment| environment.has_room(usize::MAX));
        let free = environments.iter().find(|environment| environment.has_room(self.configuration.concurrency));
        let environment = match free {
            Some(environment) => Arc::clone(environment),
            None => {
                let environment = Arc::new(Environment::start(&self.program, &self.configuration).await?);
                environments.push(Arc::clone(&environment));
                environment
            }
        };
        environment.busy.fetch_add(1, Ordering::Relaxed);
        Ok(environment)
    }
}

impl Process for Lambda {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        Box::pin(async {
            let invoke = match Invoke::read(delivery, &self.0.configuration) {
                Ok(invoke) => invoke,
                Err(refused) => return Ok(*refused),
            };
            let inner = Arc::clone(&self.0);
            let invoked = tokio::spawn(async move { inner.invoke(invoke).await });
            invoked.await.unwrap_or_else(|error| Err(ProcessError::Broken(error.to_string())))
        })
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lambda").field("program", &self.program.path).field("configuration", &self.configuration).finish()
    }
}
