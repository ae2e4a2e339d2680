//! Settings of a server: flags over `SUNDIAL_*` over `sundial.toml`, typed and checked once.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::access::Pepper;
use crate::lifecycle::policy::Preset;
use crate::spec::Limits;
use crate::telemetry::LogFormat;

/// What `sundial.toml` may say; each entry is a flag's name with `_` for `-`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Address to listen on.
    pub listen: Option<SocketAddr>,
    /// Where the registry keeps its data.
    pub database: Option<String>,
    /// File that holds the admin token, or takes it.
    pub admin_token_file: Option<PathBuf>,
    /// File that holds the key under which tokens are hashed.
    pub key_file: Option<PathBuf>,
    /// Where people reach the catalog.
    pub public_url: Option<String>,
    /// [`Limits::bytes`]
    pub max_document_bytes: Option<usize>,
    /// [`Limits::nodes`]
    pub max_document_nodes: Option<usize>,
    /// [`Limits::depth`]
    pub max_document_depth: Option<usize>,
    /// [`Limits::alias_nodes`]
    pub max_document_repeats: Option<usize>,
    /// [`Limits::references`]
    pub max_document_references: Option<usize>,
    /// [`Limits::work`]
    pub max_document_work: Option<usize>,
    /// What a call that no route knows gets: `allow` or `refuse`.
    pub unknown: Option<Unknown>,
    /// Token that a gateway must send as `X-Sundial-Token`, where one is demanded.
    pub gateway_token_file: Option<PathBuf>,
    /// Policy that a new namespace starts with.
    pub policy: Option<Preset>,
    /// What is logged.
    pub log: Option<String>,
    /// How log lines look.
    pub log_format: Option<LogFormat>,
}

/// What a call that no route knows gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// It passes, and is counted.
    #[default]
    Allow,
    /// 403.
    Refuse,
}

/// Settings of a server, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where the registry keeps its data.
    pub database: String,
    /// File that holds the admin token, or takes it.
    pub admin_token_file: PathBuf,
    /// Key under which tokens are hashed.
    pub pepper: Pepper,
    /// Where people reach the catalog, without a final slash; the address listened on where it is
    /// not said.
    pub public_url: Option<String>,
    /// Bounds on what is read as a document.
    pub limits: Limits,
    /// What a call that no route knows gets.
    pub unknown: Unknown,
    /// Token that a gateway must send, where one is demanded.
    pub gateway_token: Option<String>,
    /// Policy that a new namespace starts with.
    pub policy: Preset,
}

/// A setting that makes no sense; the sentence says which and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(pub String);

/// Reads `sundial.toml`; an absent file says nothing.
///
/// # Errors
/// When the file cannot be read or says what no setting is.
pub fn read_file(path: &Path) -> Result<File, BadSetting> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            toml::from_str(&text).map_err(|error| BadSetting(format!("`{}`: {error}", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(BadSetting(format!("`{}`: {error}", path.display()))),
    }
}

/// Reads the key file, or makes one with a new key where there is none.
///
/// # Errors
/// When it cannot be read or written, or holds no key.
pub fn key_file(path: &Path) -> Result<Pepper, BadSetting> {
    let failed = |error: &dyn std::fmt::Display| BadSetting(format!("`{}`: {error}", path.display()));
    match std::fs::read_to_string(path) {
        Ok(text) => Pepper::from_hex(&text).ok_or_else(|| failed(&"this is no key: 64 hex digits are one")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = crate::access::random_hex(32).map_err(|error| failed(&error))?;
            write_private(path, &format!("{text}\n")).map_err(|error| failed(&error))?;
            Pepper::from_hex(&text).ok_or_else(|| failed(&"a new key does not read back"))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Writes a new file that only its owner reads; an existing one is not touched.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Checks the public URL: absolute http(s), no query, no final slash.
///
/// # Errors
/// When it is none.
pub fn public_url(text: &str) -> Result<String, BadSetting> {
    let url = text.trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let sound = rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic() && !b"?#<>\"\\".contains(&b))
    });
    if sound {
        Ok(url.to_owned())
    } else {
        Err(BadSetting(format!("`{text}` is no public URL; give one such as https://apis.example.com")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_absolute_and_plain() {
        assert_eq!(public_url("https://apis.example.com/"), Ok("https://apis.example.com".to_owned()));
        for bad in ["apis.example.com", "https://", "https://a/?b", "https://a\r\nx: y"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let made = key_file(&path).expect("a key");
        assert_eq!(key_file(&path).expect("the same key").key_id(), made.key_id());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
