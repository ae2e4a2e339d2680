//! `serve`: runs the registry, on its own data or with the demo estate.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use clap::Args;
use tokio::net::TcpListener;

use super::bounds::Bounds;
use super::client::progress;
use super::{Done, Failure, block_on};
use crate::access::Token;
use crate::clock::Clock;
use crate::config::{self, BadSetting, Config, File, Unknown};
use crate::enforcement::UnknownCalls;
use crate::lifecycle::policy::Preset;
use crate::registry::{self, Bootstrap, Registry, Settings};
use crate::server::{self, App, Gate};
use crate::store::{Access, Store, sqlite_file};
use crate::telemetry::{self, LogFormat};

/// The estate that `--demo` starts with: name of a file below specs/demo, and its bytes.
const DEMO: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/demo.rs"));

#[derive(Args)]
#[command(
    args_override_self = true,
    after_help = "Examples:\n  sundial serve --demo\n  \
    sundial serve --listen 127.0.0.1:8080 --database sqlite:sundial.db\n  \
    sundial serve --database postgres://sundial@db.internal/sundial --public-url https://apis.example.com"
)]
pub(super) struct Serve {
    /// Address to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "SUNDIAL_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where the registry keeps its data: sqlite:FILE or postgres://… [default: sqlite:sundial.db].
    #[arg(long, env = "SUNDIAL_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// File of the admin token: adopted where it exists, else made [default: beside the database].
    #[arg(long, env = "SUNDIAL_ADMIN_TOKEN_FILE", value_name = "FILE")]
    admin_token_file: Option<PathBuf>,
    /// File of the key under which tokens are hashed, shared by all servers of a database; made where
    /// it is absent [default: beside the database].
    #[arg(long, env = "SUNDIAL_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Where people reach the catalog [default: the address listened on].
    #[arg(long, env = "SUNDIAL_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// What a call that no route knows gets: allow (and count it) or refuse [default: allow].
    #[arg(long, env = "SUNDIAL_UNKNOWN", value_name = "ANSWER")]
    unknown: Option<Unknown>,
    /// File of a token that gateways must send as X-Sundial-Token.
    #[arg(long, env = "SUNDIAL_GATEWAY_TOKEN_FILE", value_name = "FILE")]
    gateway_token_file: Option<PathBuf>,
    /// Policy that a new namespace starts with: observe or guarded [default: observe].
    #[arg(long, env = "SUNDIAL_POLICY", value_name = "PRESET")]
    policy: Option<Preset>,
    /// File with settings.
    #[arg(long, env = "SUNDIAL_CONFIG", default_value = "sundial.toml", value_name = "FILE")]
    config: PathBuf,
    /// What is logged, such as warn or sundial=debug [default: info].
    #[arg(long, env = "SUNDIAL_LOG", value_name = "FILTER")]
    log: Option<String>,
    /// How log lines look: text or json [default: text].
    #[arg(long, env = "SUNDIAL_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    #[command(flatten)]
    bounds: Bounds,
    /// Start with a made-up company on a database of its own, which is thrown away at the end.
    #[arg(long)]
    demo: bool,
}

impl From<BadSetting> for Failure {
    fn from(setting: BadSetting) -> Self {
        Self::Usage(setting.to_string())
    }
}

pub(super) fn run(mut args: Serve) -> Done {
    let file = config::read_file(&args.config)?;
    let level = args.log.take().or(file.log.clone());
    let quiet = if args.demo { "warn" } else { "info" };
    telemetry::start(
        level.as_deref().unwrap_or(quiet),
        args.log_format.or(file.log_format).unwrap_or_default(),
    );
    let scratch = if args.demo { Some(Scratch::new()?) } else { None };
    if let Some(scratch) = &scratch {
        args.database = Some(format!("sqlite:{}", scratch.0.join("demo.db").display()));
        args.admin_token_file = Some(scratch.0.join("admin-token"));
        args.key_file = Some(scratch.0.join("key"));
    }
    let demo = args.demo;
    let config = complete(args, file)?;
    block_on(serve(config, demo))
}

/// A folder that goes with the program.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let failed =
            |error: &dyn std::fmt::Display| Failure::Usage(format!("making a folder for the demo: {error}"));
        let name = crate::access::random_hex(8).map_err(|error| failed(&error))?;
        let folder = std::env::temp_dir().join(format!("sundial-demo-{name}"));
        std::fs::create_dir(&folder).map_err(|error| failed(&error))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that is gone already is what we want.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Flags over environment over file over defaults.
fn complete(args: Serve, file: File) -> Result<Config, Failure> {
    let limits = args.bounds.over(&file);
    let listen = args.listen.or(file.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
    let database = args.database.or(file.database).unwrap_or_else(|| "sqlite:sundial.db".to_owned());
    let beside = |suffix: &str| {
        sqlite_file(&database).map_or_else(
            || PathBuf::from(format!("sundial.{suffix}")),
            |db| PathBuf::from(format!("{}.{suffix}", db.display())),
        )
    };
    let admin_token_file =
        args.admin_token_file.or(file.admin_token_file).unwrap_or_else(|| beside("admin-token"));
    let key_file = args.key_file.or(file.key_file).unwrap_or_else(|| beside("key"));
    let gateway_token = match args.gateway_token_file.or(file.gateway_token_file) {
        None => None,
        Some(path) => Some(read_token(&path)?),
    };
    let public_url = args.public_url.or(file.public_url);
    Ok(Config {
        listen,
        database,
        admin_token_file,
        pepper: config::key_file(&key_file)?,
        public_url: public_url.as_deref().map(config::public_url).transpose()?,
        limits,
        unknown: args.unknown.or(file.unknown).unwrap_or_default(),
        gateway_token,
        policy: args.policy.or(file.policy).unwrap_or(Preset::Observe),
    })
}

fn read_token(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("`{}`: {error}", path.display())))?;
    match text.trim() {
        "" => Err(Failure::Usage(format!("`{}` holds no token", path.display()))),
        token => Ok(token.to_owned()),
    }
}

async fn serve(config: Config, demo: bool) -> Done {
    let failed = |error: &dyn std::fmt::Display| Failure::Unreachable(error.to_string());
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| Failure::Usage(format!("listening on {}: {error}", config.listen)))?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    let url = format!("http://{address}");
    let store = Store::open(&config.database, Access::Serve).await.map_err(|error| failed(&error))?;
    let settings = Settings {
        public_url: config.public_url.clone().unwrap_or_else(|| url.clone()),
        limits: config.limits.clone(),
        preset: config.policy,
        unknown: match config.unknown {
            Unknown::Allow => UnknownCalls::Allow,
            Unknown::Refuse => UnknownCalls::Refuse,
        },
    };
    let opened = Registry::open(store, Clock::system(), config.pepper.clone(), settings).await;
    let registry = opened.map_err(|error| failed(&error))?;
    admin_token(&registry, &config.admin_token_file).await?;
    if demo {
        settle(&registry).await?;
    }
    let gate = Gate { token: config.gateway_token.clone() };
    println!("{url}");
    if demo {
        invite(&url, &config.admin_token_file);
    }
    let app = App { registry, gate: Arc::new(gate) };
    server::serve(listener, app, stopped()).await.map_err(|error| failed(&error))
}

/// Sees that there is an admin token, and says where it stands.
async fn admin_token(registry: &Arc<Registry>, file: &Path) -> Done {
    let failed = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
    let given = registry::token_file(file).map_err(|error| failed(&error))?;
    let keep = |token: &Token| config::write_private(file, &format!("{}\n", token.reveal()));
    match registry.bootstrap(given, keep).await.map_err(|error| failed(&error))? {
        Bootstrap::Kept => {}
        Bootstrap::Adopted => eprintln!("the admin token in {} is in force", file.display()),
        Bootstrap::Made => eprintln!("the admin token stands in {}", file.display()),
    }
    Ok(())
}

async fn settle(registry: &Arc<Registry>) -> Done {
    let failed = |error: &dyn std::fmt::Display| Failure::Unreachable(format!("the demo estate: {error}"));
    let file = |name: &str| DEMO.iter().find(|(other, _)| *other == name).map(|(_, bytes)| *bytes);
    let text = file("estate.toml").and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| failed(&"estate.toml is missing"))?;
    let estate = registry::read_estate(text).map_err(|error| failed(&error))?;
    registry
        .settle(
            &estate,
            |name| file(name).map(Bytes::from_static),
            |at, total, what| progress(&format!("[{at}/{total}] publishing {what}")),
        )
        .await
        .map_err(|error| failed(&error))
}

/// What to click and what to try; the names are those of `specs/demo/estate.toml`.
fn invite(url: &str, token_file: &Path) {
    let ask = |host: &str, path: &str| {
        format!(
            "curl -i {url}/enforce/v1/forward-auth -H 'X-Forwarded-Host: {host}' -H 'X-Forwarded-Uri: {path}'"
        )
    };
    eprintln!(
        "\nThe demo estate is up; it goes when you stop the program.\n\n  \
         catalog        {url}/\n  \
         a weak v1      {url}/apis/guest/accounts\n  \
         why it goes    {url}/apis/guest/accounts/diff/1.0.0...2.0.0\n  \
         a break        {url}/apis/harbour/berths/diff/1.0.0...1.1.0\n  \
         rules          {url}/rules\n\n\
         Ask as a gateway would (active, deprecated, retired):\n\n  {}\n  {}\n  {}\n\n\
         The admin token stands in {}.",
        ask("api.tarnholm.example", "/bookings/v2/bookings"),
        ask("api.tarnholm.example", "/bookings/v1/bookings"),
        ask("cargo.tarnholm.example", "/v1/consignments"),
        token_file.display(),
    );
}

/// Resolves at the first signal to stop.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not heard");
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
