use std::{rc::Rc, sync::Arc, time::Duration};

use polyfn_shim::{Provider, ServeError, aws, host::Host as Seen};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet, spawn_local},
    time::sleep,
};

use super::{Host, runtime_api::RuntimeApi};
use crate::{
    function::Run,
    plan::Mishap,
    source::{Answer, Delivery},
};

/// Lambda: as many execution environments as deliveries are out, each with a Runtime API and the real loop over it.
pub(crate) struct Lambda {
    run: Arc<Run>,
    env: &'static [(&'static str, &'static str)],
    /// Those that wait for their next delivery.
    idle: Vec<Environment>,
}

struct Environment {
    api: Rc<RuntimeApi>,
    accepting: JoinHandle<()>,
    serving: JoinHandle<Result<(), ServeError>>,
}

impl Lambda {
    pub(crate) fn new(run: &Arc<Run>, env: &'static [(&'static str, &'static str)]) -> Self {
        Self { run: Arc::clone(run), env, idle: Vec::new() }
    }

    /// How long an invocation may run: all the time that a busy machine takes, unless that is what ends it.
    fn time(&self) -> Duration {
        let plan = &self.run.plan;
        if plan.hangs() && !plan.has_timeout { Duration::from_millis(100) } else { Duration::from_secs(10) }
    }

    /// How many deliveries an environment takes at once.
    fn capacity(&self) -> usize {
        let set = self.env.iter().find(|(name, _)| *name == "AWS_LAMBDA_MAX_CONCURRENCY");
        set.map_or(1, |(_, value)| value.parse().unwrap())
    }

    async fn start(&self) -> Environment {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let api = Rc::new(RuntimeApi::default());
        let accepting = spawn_local(Rc::clone(&api).accept(listener));
        let (functions, set) = (self.run.functions(), self.env);
        let serving = spawn_local(async move {
            let env = |name: &str| match name {
                "AWS_LAMBDA_RUNTIME_API" => Some(address.clone()),
                _ => set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
            };
            let host = Seen::detect(&env, &[Provider::Aws])?;
            aws::serve(functions, &host, &env).await
        });
        Environment { api, accepting, serving }
    }
}

impl Environment {
    /// Ends it, and waits until it has ended.
    async fn end(self) {
        self.accepting.abort();
        self.serving.abort();
        // What is dropped here is an environment that is gone; it is an error if it had ended by itself.
        assert!(self.serving.await.unwrap_err().is_cancelled());
    }
}

impl Host for Lambda {
    async fn deliver(&mut self, wave: &[Delivery], mishap: Mishap) -> Vec<Option<Answer>> {
        let until = match mishap {
            Mishap::Killed { after } => self.run.ledger.len() + after,
            // Lambda stops an environment between invocations only.
            Mishap::Nothing | Mishap::Unheard | Mishap::Stopped { .. } => usize::MAX,
        };
        let (mut asking, mut out) = (JoinSet::new(), Vec::new());
        for (number, deliveries) in wave.chunks(self.capacity()).enumerate() {
            let environment = match self.idle.pop() {
                Some(environment) => environment,
                None => self.start().await,
            };
            for (place, delivery) in deliveries.iter().enumerate() {
                let (api, run) = (Rc::clone(&environment.api), Arc::clone(&self.run));
                let (bytes, time) = (delivery.bytes.clone(), self.time());
                let place = number * self.capacity() + place;
                asking.spawn_local(async move {
                    let answer = tokio::select! {
                        answer = api.invoke(bytes, time) => Some(answer),
                        () = sleep(time) => None,
                        () = run.ledger.reaches(until) => None,
                    };
                    (place, answer)
                });
            }
            out.push(environment);
        }
        let mut answers: Vec<_> = wave.iter().map(|_| None).collect();
        while let Some(done) = asking.join_next().await {
            let (place, answer) = done.unwrap();
            answers[place] = answer;
        }
        for (environment, answers) in out.into_iter().zip(answers.chunks(self.capacity())) {
            let is_well = answers.iter().all(Option::is_some);
            if is_well && !matches!(mishap, Mishap::Stopped { .. }) {
                self.idle.push(environment);
            } else {
                environment.end().await;
            }
        }
        answers
    }
}
