use std::{
    io::{BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use crate::message::{PATIENCE, Response};

/// A stand-in for Lambda's Runtime API: it hands out deliveries and collects the answers.
///
/// The local shim has a whole one. This one stays beside it since it shares no line with what it tests, and shows the requests as
/// they came.
pub struct RuntimeApi {
    port: u16,
    deliveries: Sender<Delivery>,
    answers: Receiver<Answer>,
    sent: u32,
}

/// What a function posted.
#[derive(Debug)]
pub struct Answer {
    /// The path below `/2018-06-01/runtime`, such as `/invocation/1/response`.
    pub path: String,
    /// The request as it came.
    pub message: Response,
}

/// The headers of an invocation, and its body.
type Delivery = (Vec<(String, String)>, Vec<u8>);
type Deliveries = Arc<Mutex<Receiver<Delivery>>>;

impl RuntimeApi {
    /// Starts one.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let (deliveries, waiting) = channel();
        let (answered, answers) = channel();
        let waiting: Deliveries = Arc::new(Mutex::new(waiting));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (waiting, answered) = (Arc::clone(&waiting), answered.clone());
                thread::spawn(move || serve(stream, &waiting, &answered));
            }
        });
        Self { port, deliveries, answers, sent: 0 }
    }

    /// The environment that Lambda gives a function.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_LAMBDA_RUNTIME_API", format!("127.0.0.1:{}", self.port)),
            ("AWS_LAMBDA_FUNCTION_NAME", "test".into()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".into()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
            ("_HANDLER", "bootstrap".into()),
        ]
    }

    /// Delivers one event and waits for the answer to it.
    pub fn invoke(&mut self, delivery: &[u8]) -> Answer {
        self.sent += 1;
        let headers = vec![
            ("lambda-runtime-aws-request-id".to_owned(), self.sent.to_string()),
            ("lambda-runtime-deadline-ms".to_owned(), "4102444800000".to_owned()),
            ("lambda-runtime-invoked-function-arn".to_owned(), "arn:aws:lambda:us-east-1:123456789012:function:test".to_owned()),
        ];
        self.deliveries.send((headers, delivery.to_vec())).expect("the stand-in runs");
        self.answer()
    }

    /// Waits for the next answer.
    pub fn answer(&self) -> Answer {
        self.answers.recv_timeout(PATIENCE).expect("the function answers")
    }
}

fn serve(stream: TcpStream, waiting: &Deliveries, answered: &Sender<Answer>) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(message) = Response::read(&mut reader) {
        let mut words = message.line.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let path = path.strip_prefix("/2018-06-01/runtime").unwrap_or(path).to_owned();
        let reply = if method == "GET" {
            let delivery = waiting.lock().ok().and_then(|waiting| waiting.recv().ok());
            let Some((headers, body)) = delivery else { return };
            let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let mut reply = format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
            reply.extend_from_slice(&body);
            reply
        } else {
            if answered.send(Answer { path, message }).is_err() {
                return;
            }
            b"HTTP/1.1 202 Accepted\r\ncontent-length: 15\r\n\r\n{\"status\":\"OK\"}".to_vec()
        };
        if writer.write_all(&reply).is_err() {
            return;
        }
    }
}
