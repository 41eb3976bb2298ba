use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// How long a test waits for anything at all.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// An HTTP/1.1 message as it came, with its body put together.
#[derive(Debug)]
pub struct Response {
    /// The request line or status line.
    pub line: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// What came after a chunked body.
    pub trailers: Vec<(String, String)>,
}

impl Response {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Reads one message; `None` if the other side has closed the connection.
    pub(crate) fn read(stream: &mut BufReader<TcpStream>) -> Option<Self> {
        let line = read_line(stream)?;
        let headers = read_headers(stream);
        let mut message = Self { line, headers, body: Vec::new(), trailers: Vec::new() };
        if message.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            loop {
                let size = read_line(stream)?;
                let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
                if size == 0 {
                    message.trailers = read_headers(stream);
                    break;
                }
                read_exactly(stream, size, &mut message.body)?;
                read_line(stream)?;
            }
        } else if let Some(length) = message.header("content-length").and_then(|length| length.parse().ok()) {
            read_exactly(stream, length, &mut message.body)?;
        }
        Some(message)
    }
}

fn read_line(stream: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line.trim_end().to_owned()),
    }
}

fn read_headers(stream: &mut impl BufRead) -> Vec<(String, String)> {
    let lines = std::iter::from_fn(|| read_line(stream).filter(|line| !line.is_empty()));
    lines.filter_map(|line| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))).collect()
}

fn read_exactly(stream: &mut impl Read, length: usize, body: &mut Vec<u8>) -> Option<()> {
    let mut piece = vec![0; length];
    stream.read_exact(&mut piece).ok()?;
    body.extend_from_slice(&piece);
    Some(())
}

/// Sends one request on a connection of its own and waits for the response.
pub fn call(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    answered(port, method, path, headers, body).expect("a response")
}

/// The same; `None` if the connection ends without a response, as it may where a server is about to stop.
pub fn answered(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Response> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server accepts connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    let mut head =
        format!("{method} {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).expect("the head is sent");
    stream.write_all(body).expect("the body is sent");
    let mut stream = BufReader::new(stream);
    let head_only = method == "HEAD";
    if head_only {
        let line = read_line(&mut stream)?;
        let headers = read_headers(&mut stream);
        return Some(Response { line, headers, body: Vec::new(), trailers: Vec::new() });
    }
    Response::read(&mut stream)
}

/// Sends a GET request.
pub fn get(port: u16, path: &str) -> Response {
    call(port, "GET", path, &[], b"")
}

/// Sends a POST request with a JSON body.
pub fn post(port: u16, path: &str, json: &str) -> Response {
    call(port, "POST", path, &[("content-type", "application/json")], json.as_bytes())
}
