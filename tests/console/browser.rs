use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use polyfn_tests::{Process, free_port};
use serde_json::{Value, json};
use thirtyfour::{By, Capabilities, TypingData, WebDriver, WebElement};

use crate::client::Client;

/// How long a test waits for what must come; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with a profile of its own that has the console open.
pub(crate) struct Browser {
    // Dropped first: it ends the browser, which chromedriver must still do.
    driver: WebDriver,
    _chromedriver: Process,
    port: u16,
}

impl Browser {
    /// Opens the console of the program on this port.
    pub(crate) async fn open(port: u16) -> Self {
        let browser = Self::start(port).await;
        browser.load().await;
        browser.until("the page is live", "return document.getElementById('link').dataset.state === 'live'").await;
        browser
    }

    /// Starts a browser that has nothing open yet.
    pub(crate) async fn start(port: u16) -> Self {
        let driver_port = free_port();
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{driver_port}"));
        let _ = fs::remove_dir_all(&profile);
        fs::create_dir_all(&profile).expect("a folder can be made");
        let profile = profile.to_str().expect("a path of text");
        let path = env::var("PATH").unwrap_or_default();
        for program in ["chromium", "chromedriver"] {
            let is_there = env::split_paths(&path).any(|folder| folder.join(program).exists());
            assert!(is_there, "{program} is not on this machine: apt-get install chromium chromium-driver");
        }
        let env = [("PATH", path.as_str()), ("HOME", profile)];
        let chromedriver =
            Process::start_with("chromedriver", &[&format!("--port={driver_port}")], &env).listening_on(driver_port);
        let data = format!("--user-data-dir={profile}/data");
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1600,900",
            &data,
        ];
        let mut wanted = Capabilities::new();
        wanted.set("browserName", json!("chrome")).expect("a capability");
        wanted.set("goog:chromeOptions", json!({ "args": flags })).expect("a capability");
        wanted.set("goog:loggingPrefs", json!({"browser": "ALL", "performance": "ALL"})).expect("a capability");
        let builder = WebDriver::builder(format!("http://127.0.0.1:{driver_port}"), wanted);
        let driver = builder.client(Client).connect().await.expect("chromedriver starts Chromium");
        Self { driver, _chromedriver: chromedriver, port }
    }

    pub(crate) async fn load(&self) {
        self.driver.goto(format!("http://127.0.0.1:{}/_polyfn/", self.port)).await.expect("the console is there");
    }

    /// What a script returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let ran = self.driver.execute(script, Vec::new()).await;
        ran.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Waits until a script returns something true, and gives it back.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let value = self.run(script).await;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return value;
            }
            if Instant::now() > end {
                panic!("{what}: not so; the page says:\n{}", self.text("body").await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until an element holds a text.
    pub(crate) async fn until_text(&self, css: &str, text: &str) {
        let script = format!(
            "return [...document.querySelectorAll({})].some(found => found.checkVisibility() && found.textContent.includes({}))",
            json!(css),
            json!(text)
        );
        self.until(&format!("`{css}` has `{text}`"), &script).await;
    }

    pub(crate) async fn find(&self, css: &str) -> WebElement {
        self.until(&format!("there is `{css}`"), &format!("return document.querySelector({}) !== null", json!(css))).await;
        self.driver.find(By::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    pub(crate) async fn text(&self, css: &str) -> String {
        let script = format!("return document.querySelector({})?.innerText ?? ''", json!(css));
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// The text of a pane, by its name.
    pub(crate) async fn pane(&self, name: &str) -> String {
        self.text(&format!("section[aria-label=\"{name}\"]")).await
    }

    pub(crate) async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Clicks the button that says so.
    pub(crate) async fn press(&self, label: &str) {
        let script = format!(
            "const found = [...document.querySelectorAll('button')].find(button => button.textContent === {} && button.offsetParent); found?.setAttribute('data-press', ''); return !!found",
            json!(label)
        );
        self.until(&format!("there is a button `{label}`"), &script).await;
        self.click("[data-press]").await;
        self.run("document.querySelector('[data-press]')?.removeAttribute('data-press')").await;
    }

    /// Replaces what a field holds, as by the keyboard.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("a field can be emptied");
        field.send_keys(text).await.expect("a field takes keys");
    }

    /// Chooses an option by its value.
    pub(crate) async fn choose(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value=\"{value}\"]")).await;
    }

    /// Keys for whatever has the focus.
    pub(crate) async fn keys(&self, keys: impl Into<TypingData>) {
        let active = self.driver.active_element().await.expect("something has the focus");
        active.send_keys(keys).await.expect("it takes keys");
    }

    /// A command of Chromium's own protocol.
    pub(crate) async fn chromium(&self, command: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(command, parameters).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub(crate) async fn size(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.chromium("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub(crate) async fn dark(&self, dark: bool) {
        let scheme = json!({"name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" }});
        self.chromium("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
    }

    /// Whether the page has opened a dialog.
    pub(crate) async fn has_dialog(&self) -> bool {
        self.driver.get_alert_text().await.is_ok()
    }

    /// Ends the browser. The page has complained of nothing, and asked nobody but its program.
    pub(crate) async fn close(self) {
        let complaints = self.driver.get_log("browser").await.expect("the browser has a log");
        assert!(complaints.is_empty(), "{complaints:#?}");
        let own = format!("http://127.0.0.1:{}/_polyfn/", self.port);
        let asked = self.requests().await;
        assert!(asked.iter().any(|url| *url == own), "the log of requests is empty: {asked:?}");
        // The browser's own start page is no part of it.
        let is_own = |url: &String| ["chrome:", "chrome-untrusted:", "data:", &own].iter().any(|start| url.starts_with(*start));
        let foreign: Vec<_> = asked.iter().filter(|url| !is_own(url)).collect();
        assert!(foreign.is_empty(), "{foreign:#?}");
        self.quit().await;
    }

    /// Ends the browser, whatever it has seen.
    pub(crate) async fn quit(self) {
        self.driver.quit().await.expect("the browser ends");
    }

    /// The URL of every request.
    async fn requests(&self) -> Vec<String> {
        let log = self.driver.get_log("performance").await.expect("the browser logs requests");
        let entries = log.iter().filter_map(|entry| serde_json::from_str::<Value>(&entry.message).ok());
        let sent = entries.filter(|entry| entry.pointer("/message/method") == Some(&json!("Network.requestWillBeSent")));
        sent.filter_map(|entry| Some(entry.pointer("/message/params/request/url")?.as_str()?.to_owned())).collect()
    }
}
