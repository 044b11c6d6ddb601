//! Connections that nobody else can read, under certificates that may be renewed.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use super::web_config::{ClientAuthType, TlsServerConfig, Version, about, wrong};

/// The files of a certificate, and what they held when they were last read.
pub(super) struct Certificates {
    config: TlsServerConfig,
    read: Mutex<(Vec<SystemTime>, TlsAcceptor)>,
}

impl Certificates {
    /// Reads the files, whose names are relative to a folder.
    pub(super) fn load(mut config: TlsServerConfig, folder: &Path) -> io::Result<Self> {
        let TlsServerConfig { cert_file, key_file, client_ca_file, .. } = &mut config;
        for file in [Some(cert_file), Some(key_file), client_ca_file.as_mut()].into_iter().flatten()
        {
            *file = folder.join(&*file);
        }
        let read = (changed(&config), acceptor(&config)?);
        Ok(Self { config, read: Mutex::new(read) })
    }

    /// What takes the next connection: as the files are now, or as they were while they are wrong.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let now = changed(&self.config);
        if now != read.0
            && let Ok(renewed) = acceptor(&self.config)
        {
            *read = (now, renewed);
        }
        read.1.clone()
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificate = &self.config.cert_file;
        formatter
            .debug_struct("Certificates")
            .field("cert_file", certificate)
            .finish_non_exhaustive()
    }
}

/// When the files were last changed.
fn changed(config: &TlsServerConfig) -> Vec<SystemTime> {
    let TlsServerConfig { cert_file, key_file, client_ca_file, .. } = config;
    let files = [Some(cert_file), Some(key_file), client_ca_file.as_ref()].into_iter().flatten();
    files.filter_map(|file| fs::metadata(file).ok()?.modified().ok()).collect()
}

fn acceptor(config: &TlsServerConfig) -> io::Result<TlsAcceptor> {
    let TlsServerConfig { cert_file, key_file, client_auth_type, client_ca_file, min_version } =
        config;
    let provider = Arc::new(ring::default_provider());
    let versions = match min_version {
        Version::Tls12 => &[&TLS13, &TLS12][..],
        Version::Tls13 => &[&TLS13],
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(io::Error::other)?;
    let builder = match (client_auth_type, client_ca_file) {
        (ClientAuthType::NoClientCert, None) => builder.with_no_client_auth(),
        (ClientAuthType::NoClientCert, Some(file)) => {
            return Err(wrong(file, "`client_auth_type` asks no client for a certificate"));
        }
        (_, None) => {
            let why = "`client_auth_type` needs a `client_ca_file`";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        (wanted, Some(file)) => {
            let mut roots = RootCertStore::empty();
            for root in certificates(file)? {
                roots.add(root).map_err(|error| wrong(file, &error.to_string()))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            let verifier = match wanted {
                ClientAuthType::VerifyClientCertIfGiven => verifier.allow_unauthenticated(),
                _ => verifier,
            };
            let verifier = verifier.build().map_err(|error| wrong(file, &error.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = fs::read(key_file).map_err(|error| about(key_file, &error))?;
    let key = PrivateKeyDer::from_pem_slice(&key)
        .map_err(|_| wrong(key_file, "there is no private key in it"))?;
    let mut config = builder
        .with_single_cert(certificates(cert_file)?, key)
        .map_err(|error| wrong(cert_file, &error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(file: &PathBuf) -> io::Result<Vec<CertificateDer<'static>>> {
    let text = fs::read(file).map_err(|error| about(file, &error))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(wrong(file, "there is no certificate in it")),
    }
}
