use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use polyfn_shim::{Provider, ServeError, azure, container, gcp, host::Host as Seen, server::Stop};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinSet,
    time::timeout,
};

use super::Host;
use crate::{
    function::Run,
    plan::Mishap,
    source::{Answer, Delivery},
};

/// How long a source waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server as its process runs it, which is started anew when it has ended.
pub(crate) struct Process {
    run: Arc<Run>,
    provider: Provider,
    /// Where the files of the deployment are.
    root: Option<String>,
    server: Option<Server>,
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    kill: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), ServeError>>,
}

impl Process {
    pub(crate) fn new(run: &Arc<Run>, provider: Provider, root: Option<String>) -> Self {
        Self { run: Arc::clone(run), provider, root, server: None }
    }

    /// Starts it, and waits until it listens.
    fn start(&self) -> Server {
        loop {
            let listener = self.listener();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = oneshot::channel();
            let (kill, killed) = oneshot::channel::<()>();
            // Azure's server binds its port itself.
            let listener = Some(listener).filter(|_| self.provider != Provider::Azure);
            let (run, provider, root) = (Arc::clone(&self.run), self.provider, self.root.clone());
            let thread = thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                // With the runtime goes all that runs on it, as with a process.
                runtime.block_on(async {
                    tokio::select! {
                        served = serve(&run, provider, root, address.port(), listener, stopped) => served,
                        _ = killed => Ok(()),
                    }
                })
            });
            while !thread.is_finished() && std::net::TcpStream::connect(address).is_err() {
                thread::sleep(Duration::from_millis(1));
            }
            match thread.is_finished() {
                // Somebody else was quicker at the port.
                true => assert!(thread.join().unwrap().unwrap_err().to_string().contains("cannot listen")),
                false => return Server { address, stop, kill, thread },
            }
        }
    }

    /// A port for the server. Azure's host tells its process a number, which nobody else may take meanwhile: so it is none of those
    /// that the system gives away.
    fn listener(&self) -> TcpListener {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = (std::process::id() * 37 + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
            let port = u16::try_from(20_000 + number).unwrap();
            let port = if self.provider == Provider::Azure { port } else { 0 };
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                return listener;
            }
        }
    }
}

async fn serve(
    run: &Arc<Run>,
    provider: Provider,
    root: Option<String>,
    port: u16,
    listener: Option<TcpListener>,
    stopped: oneshot::Receiver<()>,
) -> Result<(), ServeError> {
    let stop = Stop::when(async {
        let _ = stopped.await;
    });
    let Some(listener) = listener else {
        let env = |name: &str| match name {
            "FUNCTIONS_CUSTOMHANDLER_PORT" => Some(port.to_string()),
            "FUNCTIONS_APP_ROOT_PATH" => root.clone(),
            _ => None,
        };
        let host = Seen::detect(&env, &Provider::ALL)?;
        return azure::serve(run.functions(), &host, &env).await;
    };
    listener.set_nonblocking(true).unwrap();
    let listeners = vec![tokio::net::TcpListener::from_std(listener).unwrap()];
    match provider {
        Provider::Gcp => gcp::serve_on(listeners, run.table(), gcp::Settings::default(), stop).await,
        _ => container::serve_on(listeners, run.table(), container::Settings::default(), stop).await,
    }
}

impl Server {
    /// Ends it, and waits until it has ended.
    fn end(self, killed: bool) {
        let Self { stop, kill, thread, .. } = self;
        // The other one stays until the end: it is heard too when it goes away.
        let (told, _other) = if killed { (kill, stop) } else { (stop, kill) };
        told.send(()).unwrap();
        thread.join().unwrap().unwrap();
    }
}

impl Host for Process {
    async fn deliver(&mut self, wave: &[Delivery], mishap: Mishap) -> Vec<Option<Answer>> {
        let server = self.server.take().unwrap_or_else(|| self.start());
        let until = match mishap {
            // Azure's host knows no other end than a kill.
            Mishap::Stopped { .. } if self.provider == Provider::Azure => usize::MAX,
            Mishap::Killed { after } | Mishap::Stopped { after } => self.run.ledger.len() + after,
            Mishap::Nothing | Mishap::Unheard => usize::MAX,
        };
        let mut asking = JoinSet::new();
        for (place, delivery) in wave.iter().enumerate() {
            let (address, request) = (server.address, delivery.bytes.clone());
            asking.spawn(async move { (place, ask(address, &request).await) });
        }
        let mut answers: Vec<_> = wave.iter().map(|_| None).collect();
        let (mut server, mut ending) = (Some(server), None);
        loop {
            tokio::select! {
                done = asking.join_next() => match done {
                    Some(done) => {
                        let (place, answer) = done.unwrap();
                        answers[place] = answer;
                    }
                    None => break,
                },
                // Of a server that is stopped, what has begun is still answered; of one that is killed, nothing.
                () = self.run.ledger.reaches(until), if server.is_some() => {
                    let killed = matches!(mishap, Mishap::Killed { .. });
                    let server = server.take().unwrap();
                    ending = Some(tokio::task::spawn_blocking(move || server.end(killed)));
                }
            }
        }
        // Nothing of it may run beside the next one.
        if let Some(ending) = ending {
            ending.await.unwrap();
        }
        self.server = server;
        answers
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.end(true);
        }
    }
}

/// Sends a request; `None` if there is no whole answer to it.
async fn ask(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    timeout(PATIENCE, async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(request).await.ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.ok()?;
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer { status, body: bytes[end + 4..].to_vec() })
    })
    .await
    .ok()
    .flatten()
}
