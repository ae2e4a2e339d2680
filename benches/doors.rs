//! What forward-auth costs over HTTP, against the least that an axum server can do.
//!
//! Both servers and the callers run in one process on loopback, their rounds take turns, and the
//! result is told as a ratio: the callers' own share is in both.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use sundial::access::Pepper;
use sundial::clock::Clock;
use sundial::enforcement::UnknownCalls;
use sundial::lifecycle::policy::Preset;
use sundial::registry::{Caller, PublishRequest, Registry, ScheduleChange, Settings, Subject};
use sundial::server::{App, router};
use sundial::spec::Limits;
use sundial::store::{Access, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CALLERS: usize = 16;
const CALLS: usize = 2_000;
const ROUNDS: usize = 5;

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    tokio::runtime::Runtime::new()?.block_on(run())
}

async fn run() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let hello = serve(Router::new().route("/", get(|| async { "hello" }))).await?;
    let sundial = serve(router(&app(folder.path()).await?)).await?;
    let ask = |path: &str| {
        format!(
            "GET /enforce/v1/forward-auth HTTP/1.1\r\nHost: s\r\nX-Forwarded-Host: api.example.com\r\n\
             X-Forwarded-Method: GET\r\nX-Forwarded-Uri: {path}\r\n\r\n"
        )
    };
    let doors = [
        ("axum hello", hello, "GET / HTTP/1.1\r\nHost: s\r\n\r\n".to_owned()),
        ("forward-auth, active", sundial, ask("/v2/items/7")),
        ("forward-auth, deprecated", sundial, ask("/v1/items/7")),
        ("forward-auth, odd path", sundial, ask("/v2/%69tems/caf%C3%A9")),
    ];
    let mut times = vec![Vec::new(); doors.len()];
    for _ in 0..ROUNDS {
        for ((_, address, request), times) in doors.iter().zip(&mut times) {
            times.push(round(*address, request).await?);
        }
    }
    println!("{CALLERS} connections, {CALLS} calls each a round, median of {ROUNDS} rounds that took turns");
    let mut floor = Duration::ZERO;
    for ((name, ..), times) in doors.iter().zip(&mut times) {
        times.sort_unstable();
        let median = times[times.len() / 2];
        if floor.is_zero() {
            floor = median;
        }
        let rate = (CALLERS * CALLS) as f64 / median.as_secs_f64();
        let ratio = floor.as_secs_f64() / median.as_secs_f64();
        println!("  {name:<28} {rate:>9.0} calls/s  {ratio:>5.2} of the rate of axum hello");
    }
    Ok(())
}

/// A registry with a deprecated v1 and an active v2.
async fn app(folder: &std::path::Path) -> Result<App, Failed> {
    let store = Store::open(&format!("sqlite:{}", folder.join("bench.db").display()), Access::Serve).await?;
    let pepper = Pepper::from_hex(&"00".repeat(32)).ok_or("no key")?;
    let settings = Settings {
        public_url: "https://sundial.example.com".to_owned(),
        limits: Limits::default(),
        preset: Preset::Observe,
        unknown: UnknownCalls::Allow,
    };
    let registry = Registry::open(store, Clock::system(), pepper, settings).await?;
    for (label, base) in [("1.0.0", "/v1"), ("2.0.0", "/v2")] {
        let document = format!(
            "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"Items\",\"version\":\"{label}\"}},\
             \"servers\":[{{\"url\":\"https://api.example.com{base}\"}}],\"paths\":{{}}}}"
        );
        let request = PublishRequest {
            namespace: "bench".to_owned(),
            api: "items".to_owned(),
            label: label.to_owned(),
            bytes: Bytes::from(document),
            line: None,
            draft: false,
            strict: false,
            at: None,
        };
        registry.publish(&request, false, &Caller::system()).await?;
    }
    let now = registry.clock().now();
    let change = ScheduleChange {
        deprecated_at: Some(now.plus_days(-1)),
        sunset_at: Some(now.plus_days(300)),
        successor: Some("v2".to_owned()),
        force: true,
        ..ScheduleChange::default()
    };
    let line = Subject::Line("v1".to_owned());
    registry.schedule("bench", "items", &line, &change, None, &Caller::system()).await?;
    Ok(App::new(registry))
}

async fn serve(router: Router) -> Result<SocketAddr, Failed> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// One round: every caller keeps one connection and sends one call after the other.
async fn round(address: SocketAddr, request: &str) -> Result<Duration, Failed> {
    let started = Instant::now();
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(calls(address, request.to_owned()))).collect();
    for caller in callers {
        caller.await??;
    }
    Ok(started.elapsed())
}

async fn calls(address: SocketAddr, request: String) -> Result<(), Failed> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 8192];
    for _ in 0..CALLS {
        stream.write_all(request.as_bytes()).await?;
        let mut have = 0;
        // The answers are small and their bodies short: the head's end and the stated length.
        loop {
            have += stream.read(&mut buffer[have..]).await?;
            let text = std::str::from_utf8(&buffer[..have])?;
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let stated = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= stated.map_or(Ok(0), str::parse)? {
                    break;
                }
            }
        }
        if !buffer.starts_with(b"HTTP/1.1 200") {
            return Err("not 200".into());
        }
    }
    Ok(())
}
