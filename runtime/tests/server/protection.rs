//! TLS and authentication, by files as Prometheus's own servers take them.
#![cfg(feature = "tls")]

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use streamhouse_metrics::{MetricsServer, Registry, WebConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::client::{Running, anywhere, ask, limits, run};

/// A folder with a configuration and what it names.
fn folder(config: &str, files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("web.yml"), config).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

async fn serve(folder: &Path) -> Running {
    let config = WebConfig::load(folder.join("web.yml")).unwrap();
    let server = MetricsServer::new(anywhere(), Arc::new(Registry::new()), Arc::new(|| true));
    run(server.limits(limits()).web_config(config)).await
}

fn hash(password: &str) -> String {
    bcrypt::hash(password, 6).unwrap()
}

fn basic(user: &str, password: &str) -> String {
    let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
    format!("Authorization: Basic {credentials}\r\n")
}

#[tokio::test]
async fn users_have_passwords_and_tokens_are_secret() {
    let config = format!(
        "basic_auth_users:\n  prometheus: {}\nbearer_token_files: [token]\n\
         http_server_config:\n  headers:\n    X-Frame-Options: deny\n",
        hash("pass:word")
    );
    let folder = folder(&config, &[("token", "t0ken\n")]);
    let server = serve(folder.path()).await;
    for (headers, status) in [
        (String::new(), 401),
        (basic("prometheus", "pass:word"), 200),
        // Once more, as it is remembered.
        (basic("prometheus", "pass:word"), 200),
        (basic("prometheus", "password"), 401),
        (basic("somebody", "pass:word"), 401),
        ("Authorization: Basic ?\r\n".to_owned(), 401),
        ("Authorization: bearer t0ken\r\n".to_owned(), 200),
        ("Authorization: Bearer t0ke\r\n".to_owned(), 401),
        ("Authorization: Digest t0ken\r\n".to_owned(), 401),
    ] {
        let answer = ask(server.address, "GET /metrics", &headers).await;
        assert_eq!(answer.status, status, "{headers}");
        assert_eq!(answer.header("x-frame-options"), "deny");
        let challenge = if status == 401 { "Basic" } else { "" };
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    // Those who keep a service alive have no secrets.
    for path in ["/health", "/ready"] {
        let answer = ask(server.address, &format!("GET {path}"), "").await;
        assert_eq!((answer.status, answer.header("x-frame-options")), (200, "deny"));
    }
}

#[tokio::test]
async fn a_user_that_nobody_knows_takes_as_long_as_another() {
    let config = format!("basic_auth_users:\n  known: {}\n", bcrypt::hash("right", 10).unwrap());
    let folder = folder(&config, &[]);
    let server = serve(folder.path()).await;
    let mut times = Vec::new();
    for user in ["known", "unknown", "known", "unknown"] {
        let begin = Instant::now();
        assert_eq!(ask(server.address, "GET /metrics", &basic(user, "wrong")).await.status, 401);
        times.push(begin.elapsed());
    }
    // Not a comparison of times, which other tests disturb: nobody is turned away at once.
    assert!(times.iter().all(|time| *time > Duration::from_millis(5)), "{times:?}");
}

#[test]
fn mistakes_are_told_and_secrets_are_not() {
    for (config, expected) in [
        ("basic_auth_user: {a: s3cret}", "unknown field `basic_auth_user`"),
        ("basic_auth_users: [s3cret]", "line 1, column 19: this is not what belongs here"),
        ("basic_auth_users: s3cret", "this is not what belongs here"),
        ("basic_auth_users: {ann: s3cret}", "the password of `ann` is no bcrypt hash"),
        ("bearer_token_files: [none]", "none: No such file"),
        ("bearer_token_files: [empty]", "there is no token in it"),
        ("tls_server_config: {cert_file: a}", "missing field `key_file`"),
        ("tls_server_config: {cert_file: none, key_file: none}", "cannot read"),
        ("tls_server_config: {cert_file: empty, key_file: empty}", "no private key in it"),
        (
            "tls_server_config: {cert_file: a, key_file: b, client_auth_type: Perhaps}",
            "this is not what belongs here",
        ),
        ("http_server_config: {headers: {\"a b\": c}}", "`a b` and its value are no header"),
        ("basic_auth_users: {ann: \"s3cret", "web.yml"),
    ] {
        let folder = folder(config, &[("empty", " \n")]);
        let error = WebConfig::load(folder.path().join("web.yml")).unwrap_err().to_string();
        assert!(error.contains(expected), "{config}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
    let config = format!("basic_auth_users: {{ann: {}}}", hash("s3cret"));
    let folder = folder(&config, &[]);
    let shown = format!("{:?}", WebConfig::load(folder.path().join("web.yml")).unwrap());
    assert!(!shown.contains("$2b$") && !shown.contains("ann"), "{shown}");
}

/// Whoever signs certificates here.
fn issuer() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key.
fn signed(issuer: &CertifiedIssuer<'_, KeyPair>) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    (params.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem())
}

/// Asks over TLS; an error where there is no connection.
async fn ask_securely(
    address: SocketAddr,
    root: &str,
    client: Option<&(String, String)>,
) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match client {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    };
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn nobody_listens_in_and_certificates_are_renewed() {
    let issuer = issuer();
    let (certificate, key) = signed(&issuer);
    let config = "tls_server_config: {cert_file: a.crt, key_file: a.key, min_version: TLS13}";
    let folder = folder(config, &[("a.crt", &certificate), ("a.key", &key)]);
    let server = serve(folder.path()).await;
    let ok = async |root: &str| {
        ask_securely(server.address, root, None).await.is_ok_and(|answer| answer.ends_with("ok\n"))
    };
    assert!(ok(&issuer.pem()).await);
    // What is not encrypted is no request here.
    assert!(crate::client::try_ask(server.address, "GET /health", "").await.is_err());
    let other = self::issuer();
    assert!(!ok(&other.pem()).await, "signed by nobody that this client knows");

    let (certificate, key) = signed(&other);
    tokio::time::sleep(Duration::from_millis(20)).await;
    // Half of it is no certificate yet: the old one is used for so long.
    fs::write(folder.path().join("a.crt"), &certificate).unwrap();
    assert!(ok(&issuer.pem()).await);
    fs::write(folder.path().join("a.key"), &key).unwrap();
    assert!(ok(&other.pem()).await);
    assert!(!ok(&issuer.pem()).await);
}

#[tokio::test]
async fn clients_may_have_to_have_certificates() {
    let (servers, clients) = (issuer(), issuer());
    let (certificate, key) = signed(&servers);
    let known = signed(&clients);
    let stranger = signed(&servers);
    for (wanted, without) in
        [("RequireAndVerifyClientCert", false), ("VerifyClientCertIfGiven", true)]
    {
        let config = format!(
            "tls_server_config:\n  cert_file: a.crt\n  key_file: a.key\n  \
             client_auth_type: {wanted}\n  client_ca_file: clients.crt\n"
        );
        let files = [("a.crt", &*certificate), ("a.key", &key), ("clients.crt", &clients.pem())];
        let folder = folder(&config, &files);
        let server = serve(folder.path()).await;
        for (client, expected) in [(Some(&known), true), (Some(&stranger), false), (None, without)]
        {
            let answer = ask_securely(server.address, &servers.pem(), client).await;
            assert_eq!(answer.is_ok_and(|answer| answer.ends_with("ok\n")), expected, "{wanted}");
        }
    }
}
