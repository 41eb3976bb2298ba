use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use clap::Args;
use http::{HeaderValue, Method, Request, StatusCode, header::CONTENT_TYPE};
use polyfn_shim::local;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use crate::{failure::Failure, terminal::on_one_line};

/// Where a program listens that was started without another port.
pub(crate) const USUAL: &str = "127.0.0.1:9000";
/// Longer than any host waits for a function.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Where the running program is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Address {
    /// Where the program listens [default: $POLYFN_ADDRESS, else 127.0.0.1:9000]
    #[arg(long, value_name = "HOST:PORT", global = true)]
    address: Option<String>,
}

impl Address {
    /// Whether someone said where; else it is only the usual place.
    pub(crate) fn is_given(&self) -> bool {
        self.given().is_some()
    }

    fn given(&self) -> Option<String> {
        self.address.clone().or_else(|| std::env::var("POLYFN_ADDRESS").ok()).filter(|address| !address.is_empty())
    }

    /// A client of the program there.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        let given = self.given().unwrap_or_else(|| USUAL.to_owned());
        // As the program's listing prints it, too.
        let text = given.trim_start_matches("http://").trim_end_matches('/');
        let text = if text.parse::<u16>().is_ok() { format!("127.0.0.1:{text}") } else { text.to_owned() };
        let found = lookup_host(&text).await.map(Iterator::collect::<Vec<_>>).unwrap_or_default();
        // The shim listens on IPv4; `localhost` is often IPv6 first.
        let address = found.iter().find(|address| address.is_ipv4()).or(found.first());
        let address = address.ok_or_else(|| Failure::usage(format!("`{given}` is no address; write it as {USUAL}")))?;
        Ok(Client { address: *address })
    }
}

/// Talks to the local shim of a running program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    address: SocketAddr,
}

/// Why the shim did not do it, in its own words.
#[derive(Deserialize)]
struct Problem {
    title: String,
    #[serde(default)]
    detail: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Whether anybody listens there.
    pub(crate) async fn is_listening(&self) -> bool {
        matches!(timeout(Duration::from_secs(5), TcpStream::connect(self.address)).await, Ok(Ok(_)))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let answer = self.ask(Method::GET, path, Bytes::new()).await?;
        self.read(&answer)
    }

    /// Sends JSON, and gives back the status and the JSON that came.
    pub(crate) async fn post(&self, path: &str, json: impl Into<Bytes>) -> Result<Answer, Failure> {
        self.ask(Method::POST, path, json.into()).await
    }

    async fn ask(&self, method: Method, path: &str, body: Bytes) -> Result<Answer, Failure> {
        let mut request = Request::new(body);
        *request.uri_mut() =
            format!("/_polyfn/api/{path}").parse().map_err(|error| Failure::new(format!("`{path}` is no path: {error}")))?;
        if method == Method::POST {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        *request.method_mut() = method;
        let address = self.address;
        let response = match timeout(PATIENCE, local::send(address, request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) if !self.is_listening().await => return Err(self.nobody()),
            Ok(Err(error)) => return Err(Failure::new(error.to_string())),
            Err(_) => return Err(Failure::new(format!("no reply from {address} within {} minutes", PATIENCE.as_secs() / 60))),
        };
        let (parts, body) = response.into_parts();
        if parts.status.is_success() {
            return Ok(Answer { status: parts.status, body });
        }
        Err(match serde_json::from_slice::<Problem>(&body) {
            Ok(Problem { title, detail }) if detail.is_empty() => Failure::new(on_one_line(&title)),
            Ok(Problem { title, detail }) => Failure::new(format!("{}: {}", on_one_line(&title), on_one_line(&detail))),
            Err(_) => self.stranger(&format!("it answered {}", parts.status)),
        })
    }

    /// The answer as what the shim would say.
    pub(crate) fn read<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, Failure> {
        serde_json::from_slice(&answer.body).map_err(|error| self.stranger(&format!("its answer cannot be read: {error}")))
    }

    fn nobody(&self) -> Failure {
        Failure::new(format!(
            "nothing listens on {}; start the program with `cargo run`, or say with `--address` where it is",
            self.address
        ))
    }

    fn stranger(&self, why: &str) -> Failure {
        let address = self.address;
        Failure::new(format!(
            "what listens on {address} is not the local shim of this version of polyfn ({why}); say with `--address` where that is"
        ))
    }
}

/// What came back from the shim.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The JSON as it came, for a script.
    pub(crate) fn line(&self) -> String {
        format!("{}\n", String::from_utf8_lossy(&self.body).trim_end())
    }
}
