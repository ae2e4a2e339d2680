//! A registry in the test's own process, with a clock that the test moves, and those who call one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use sundial::access::Pepper;
use sundial::clock::{Clock, Timestamp};
use sundial::enforcement::UnknownCalls;
use sundial::lifecycle::policy::Preset;
use sundial::registry::{Registry, Settings};
use sundial::server::App;
use sundial::spec::Limits;
use sundial::store::{Access, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::program::Server;

/// Where asynchronous parts of the kit run.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// What came back over HTTP.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header in ASCII"))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("a body in UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    /// The last part of a problem's type.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        let kind = problem["type"].as_str().expect("a problem has a type");
        kind.rsplit('/').next().expect("a last part").to_owned()
    }
}

/// Somebody who calls a registry.
#[derive(Clone, Debug)]
pub struct Caller {
    pub url: String,
    pub token: Option<String>,
}

impl Caller {
    pub fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &[], Vec::new())
    }

    pub fn put(&self, path: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.call(Method::PUT, path, &[], body.into())
    }

    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.call(Method::POST, path, &[], body.into())
    }

    pub fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Reply {
        self.attempt(method, path, headers, body)
            .unwrap_or_else(|error| panic!("{}{path}: {error}", self.url))
    }

    /// A call whose server may go away meanwhile.
    pub fn attempt(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> reqwest::Result<Reply> {
        RUNTIME.block_on(async {
            let mut request = super::http().request(method, format!("{}{path}", self.url)).body(body);
            if let Some(token) = &self.token {
                request = request.bearer_auth(token);
            }
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.send().await?;
            Ok(Reply {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                body: response.bytes().await?.to_vec(),
            })
        })
    }
}

impl Caller {
    /// Somebody with the admin token of a server.
    pub fn admin(server: &Server) -> Self {
        Self { url: server.url.clone(), token: Some(server.token.clone()) }
    }

    /// Somebody without a token.
    pub fn anon(server: &Server) -> Self {
        Self { url: server.url.clone(), token: None }
    }
}

/// A registry in the test's own process, on SQLite in a folder that goes with it.
pub struct Local {
    pub url: String,
    pub clock: Clock,
    pub token: String,
    pub registry: Arc<Registry>,
    pub folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: Option<tokio::task::JoinHandle<()>>,
}

impl Local {
    /// Starts one whose clock stands at `now`.
    pub fn start(now: &str) -> Self {
        Self::with(now, "https://apis.example.com", UnknownCalls::Allow, Limits::default())
    }

    pub fn with(now: &str, public_url: &str, unknown: UnknownCalls, limits: Limits) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::over(folder, &database, now, public_url, unknown, limits)
    }

    pub fn over(
        folder: TempDir,
        database: &str,
        now: &str,
        public_url: &str,
        unknown: UnknownCalls,
        limits: Limits,
    ) -> Self {
        let clock = Clock::fixed(now.parse::<Timestamp>().expect("an instant"));
        let pepper = Pepper::from_hex(&"5d".repeat(32)).expect("a key");
        let settings =
            Settings { public_url: public_url.to_owned(), limits, preset: Preset::Observe, unknown };
        let (registry, token, listener) = RUNTIME.block_on(async {
            let store = Store::open(database, Access::Serve).await.expect("a store");
            let registry = Registry::open(store, clock.clone(), pepper, settings).await.expect("a registry");
            let mut token = String::new();
            let keep = |made: &sundial::access::Token| {
                token = made.reveal();
                Ok(())
            };
            registry.bootstrap(None, keep).await.expect("a first token");
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            (registry, token, listener)
        });
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = App::new(registry.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = RUNTIME.spawn(async move {
            let stopped = async {
                // A dropped sender stops the server too.
                let _ = stopped.await;
            };
            sundial::server::serve(listener, app, stopped).await.expect("served to the end");
        });
        Self { url, clock, token, registry, folder, stop: Some(stop), served: Some(served) }
    }

    pub fn admin(&self) -> Caller {
        Caller { url: self.url.clone(), token: Some(self.token.clone()) }
    }

    pub fn anon(&self) -> Caller {
        Caller { url: self.url.clone(), token: None }
    }

    pub fn at(&self, now: &str) {
        self.clock.set(now.parse().expect("an instant"));
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        if let (Some(stop), Some(served)) = (self.stop.take(), self.served.take()) {
            let _ = stop.send(());
            let ended =
                RUNTIME.block_on(async { tokio::time::timeout(Duration::from_secs(15), served).await });
            if !std::thread::panicking() {
                ended.expect("the server stops in time").expect("the server did not panic");
            }
        }
    }
}

/// Sends bytes as they are and returns status and whole answer: HTTP clients tidy paths up.
pub fn raw(address: &str, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{address}: {error}"));
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream.write_all(request).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer to its end");
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.unwrap_or_else(|| panic!("no status: {text}")), text)
}
