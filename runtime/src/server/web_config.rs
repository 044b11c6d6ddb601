//! TLS and authentication, in a file as Prometheus and its exporters take it.
//!
//! Secrets stand in here and nowhere else: no error, no `Debug` and no answer tells them.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use super::authentication::Authentication;
use super::tls::Certificates;

/// How a [`MetricsServer`](crate::MetricsServer) is protected.
///
/// The file has the shape of [the web configuration][exporter-toolkit] that Prometheus, its
/// exporters and Alertmanager read. Paths in it are relative to its folder.
///
/// ```yaml
/// tls_server_config:
///   cert_file: server.crt
///   key_file: server.key
///   client_auth_type: RequireAndVerifyClientCert   # or VerifyClientCertIfGiven, NoClientCert
///   client_ca_file: clients.crt
///   min_version: TLS13                             # or TLS12, the default
/// http_server_config:
///   headers:
///     Strict-Transport-Security: max-age=31536000
/// # What `htpasswd -nBC 10 "" | tr -d ':'` makes of a password.
/// basic_auth_users:
///   prometheus: $2y$10$…
/// # Beyond Prometheus's own: files with one token each.
/// bearer_token_files: [token]
/// ```
///
/// Only `/metrics` asks who is there: `/health` and `/ready` tell nothing, and those who ask for
/// them have no secrets. A certificate that is renewed in its file is used from the next
/// connection on.
///
/// [exporter-toolkit]: https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
#[derive(Clone, Debug, Default)]
pub struct WebConfig {
    pub(super) certificates: Option<Arc<Certificates>>,
    pub(super) authentication: Option<Arc<Authentication>>,
    pub(super) headers: HeaderMap,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    tls_server_config: Option<TlsServerConfig>,
    http_server_config: HttpServerConfig,
    basic_auth_users: HashMap<String, Secret>,
    bearer_token_files: Vec<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsServerConfig {
    pub(super) cert_file: PathBuf,
    pub(super) key_file: PathBuf,
    #[serde(default)]
    pub(super) client_auth_type: ClientAuthType,
    pub(super) client_ca_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) min_version: Version,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct HttpServerConfig {
    headers: HashMap<String, String>,
}

/// Whose certificates are asked for; those of clients that nobody vouches for prove nothing, so
/// that Go's other two types are not taken.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) enum ClientAuthType {
    #[default]
    NoClientCert,
    VerifyClientCertIfGiven,
    RequireAndVerifyClientCert,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Version {
    #[default]
    #[serde(rename = "TLS12")]
    Tls12,
    #[serde(rename = "TLS13")]
    Tls13,
}

/// A text that is never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<secret>")
    }
}

impl WebConfig {
    /// Reads a file, and the certificates, keys and tokens that it names.
    ///
    /// # Errors
    ///
    /// Where one of them cannot be read, or is not what it should be; the message says which, and
    /// where in the file, but nothing of what stands there.
    pub fn load(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| about(path, &error))?;
        let file: File = match text.trim() {
            "" => File::default(),
            _ => serde_saphyr::from_str(&text).map_err(|error| mistake(path, &error))?,
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let File { tls_server_config, http_server_config, basic_auth_users, bearer_token_files } =
            file;
        let certificates = tls_server_config.map(|tls| Certificates::load(tls, folder));
        let tokens: io::Result<Vec<Secret>> = bearer_token_files
            .iter()
            .map(|file| {
                let file = folder.join(file);
                let token = fs::read_to_string(&file).map_err(|error| about(&file, &error))?;
                match token.trim() {
                    "" => Err(wrong(&file, "there is no token in it")),
                    token => Ok(Secret(token.to_owned())),
                }
            })
            .collect();
        let authentication = Authentication::new(basic_auth_users, tokens?)
            .map_err(|user| wrong(path, &format!("the password of `{user}` is no bcrypt hash")))?;
        Ok(Self {
            certificates: certificates.transpose()?.map(Arc::new),
            authentication: authentication.map(Arc::new),
            headers: headers(http_server_config.headers)
                .map_err(|name| wrong(path, &format!("`{name}` and its value are no header")))?,
        })
    }
}

fn headers(written: HashMap<String, String>) -> Result<HeaderMap, String> {
    let header = |(name, value): (String, String)| {
        let header = (name.parse::<HeaderName>().ok(), value.parse::<HeaderValue>().ok());
        header.0.zip(header.1).ok_or(name)
    };
    written.into_iter().map(header).collect()
}

/// A mistake in the file, without what stands there: it may be a secret.
fn mistake(path: &Path, error: &serde_saphyr::Error) -> io::Error {
    let error = error.without_snippet();
    let place = error.location().map_or_else(String::new, |place| {
        format!("line {}, column {}: ", place.line(), place.column())
    });
    // Names of keys are told, values are not.
    let said = error.to_string();
    let names_a_key = said.contains("unknown field") || said.contains("missing field");
    let what = if names_a_key { &*said } else { "this is not what belongs here" };
    wrong(path, &format!("{place}{what}"))
}

/// An error of reading a file, with its name.
pub(super) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot read {}: {error}", path.display()))
}

/// What is wrong with a file.
pub(super) fn wrong(path: &Path, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()))
}
