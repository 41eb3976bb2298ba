use std::{net::SocketAddr, sync::Arc};

use http::{HeaderValue, Response, StatusCode, header};
use polyfn_shim::{
    Body,
    server::{self, Delivery, Limits, Stop},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::terminal::say;

/// Answers in the program's place while there is none: with the reason.
pub(super) struct Page {
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Page {
    /// Shows a title and a text to whoever asks for anything; `None` if something else listens there.
    pub(super) async fn show(address: SocketAddr, title: String, text: String) -> Option<Self> {
        let listener = match TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(error) => {
                say(format_args!("nothing answers on http://{address} meanwhile: {error}"));
                return None;
            }
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let stop_when = Stop::when(async move { drop(stopped.await) }).with_grace(std::time::Duration::from_millis(200));
        let told = Arc::new((title, text));
        let answer = move |delivery: Delivery| {
            let told = Arc::clone(&told);
            async move { answer(&delivery, &told.0, &told.1) }
        };
        let server = tokio::spawn(async move {
            // It has something to listen on.
            let _ = server::serve(vec![listener], answer, Limits::default(), stop_when).await;
        });
        Some(Self { stop, server })
    }

    /// Frees the port.
    pub(super) async fn close(self) {
        let _ = self.stop.send(());
        let _ = self.server.await;
    }
}

fn answer(delivery: &Delivery, title: &str, text: &str) -> Response<Body> {
    // A page for people; programs get a problem (RFC 9457).
    let html = delivery.header("accept").is_some_and(|accept| accept.contains("text/html"));
    let (kind, body) = if html {
        ("text/html; charset=utf-8", page(title, text))
    } else {
        let detail = format!("{title}; the terminal of `cargo polyfn dev` shows more");
        let problem = json!({"title": "Service Unavailable", "status": 503, "detail": detail, "errors": text});
        ("application/problem+json", problem.to_string())
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    // Nothing on it runs, whatever the compiler quotes.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

fn page(title: &str, text: &str) -> String {
    let (title, text) = (escaped(title), escaped(text));
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=2><title>{title}</title>\
         <style>:root{{color-scheme:light dark;font:1rem/1.5 system-ui}}body{{margin:2rem}}pre{{overflow:auto}}</style>\
         <h1>{title}</h1><pre>{text}</pre><p>This page looks again every two seconds.</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn what_the_compiler_quotes_is_text() {
        let page = page("a < b", "let x = \"<script>alert(1)</script>\" && y;");
        assert!(page.contains("<h1>a &lt; b</h1>") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;\" &amp;&amp; y;"));
        assert!(!page.contains("<script"));
    }
}
