use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
    rc::Rc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::spawn_local,
};

use crate::source::Answer;

/// Lambda's side of the Runtime API of one environment.
///
/// Source: [Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
#[derive(Default)]
pub(super) struct RuntimeApi {
    /// Whole responses to `/next` that nobody has asked for yet.
    waiting: RefCell<VecDeque<Vec<u8>>>,
    arrived: Notify,
    /// Who waits for the answer to an invocation, by its id.
    asked: RefCell<HashMap<String, oneshot::Sender<Answer>>>,
    count: RefCell<usize>,
}

impl RuntimeApi {
    /// Invokes the functions with this payload; it waits for ever if nobody answers.
    pub(super) async fn invoke(&self, payload: Vec<u8>, time: Duration) -> Answer {
        let id = {
            let mut count = self.count.borrow_mut();
            *count += 1;
            format!("i{count}")
        };
        let deadline = (SystemTime::now() + time).duration_since(UNIX_EPOCH).unwrap().as_millis();
        let head = format!(
            "HTTP/1.1 200 OK\r\nlambda-runtime-aws-request-id: {id}\r\nlambda-runtime-deadline-ms: {deadline}\r\n\
             content-length: {}\r\n\r\n",
            payload.len()
        );
        let (answer, answered) = oneshot::channel();
        self.asked.borrow_mut().insert(id, answer);
        self.waiting.borrow_mut().push_back([head.into_bytes(), payload].concat());
        self.arrived.notify_one();
        match answered.await {
            Ok(answer) => answer,
            Err(_) => std::future::pending().await,
        }
    }

    /// Serves each connection that comes.
    pub(super) async fn accept(self: Rc<Self>, listener: TcpListener) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            spawn_local(Rc::clone(&self).connection(stream));
        }
    }

    /// Answers the requests of a connection until it is gone.
    async fn connection(self: Rc<Self>, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let (path, body) = request(&mut stream).await?;
            let response = match path.strip_prefix("/2018-06-01/runtime/invocation/").unwrap().split_once('/') {
                None => self.next().await,
                Some((id, what)) => {
                    let status = match what {
                        "response" => 200,
                        "error" => 500,
                        _ => panic!("no such path: {path}"),
                    };
                    let asked = self.asked.borrow_mut().remove(id).expect("each invocation is answered once");
                    // Of one that was cut off nobody hears.
                    let _ = asked.send(Answer { status, body });
                    b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_vec()
                }
            };
            stream.write_all(&response).await.ok()?;
        }
    }

    async fn next(&self) -> Vec<u8> {
        loop {
            if let Some(response) = self.waiting.borrow_mut().pop_front() {
                return response;
            }
            self.arrived.notified().await;
        }
    }
}

/// The path and the body of the next request; `None` if the connection is gone.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut path, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let line = line.trim_end();
        match (&path, line.split_once(':')) {
            (None, _) => path = Some(line.split(' ').nth(1)?.to_owned()),
            (Some(_), Some((name, value))) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?
            }
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((path?, body))
}
