//! The last arrow: what is in the cells becomes a body in one of the formats.
//!
//! ```text
//! series ──┬──▶ text ──▶ line ───────────────▶ body
//!          ├──▶ families ──▶ protobuf ──▶ wire ──▶ body
//!          └──▶ collector ──▶ prometheus_client's registry
//! prometheus_client's text ──▶ foreign ──▶ Prometheus text, or protobuf
//! ```
//!
//! Everything here appends bytes to the caller's buffer, and nothing fails. The only lock that is
//! taken for longer than it takes to read one number is that of who makes series, when idle ones go.

mod collector;
mod digits;
mod escape;
mod families;
mod foreign;
mod fragment;
pub(crate) mod native;
pub(crate) mod protobuf;
mod series;
mod text;
mod wire;

#[cfg(all(test, not(loom)))]
mod decoder;

use std::time::Instant;

use prometheus_client::encoding::text::encode_registry;
use prometheus_client::registry::Registry;

pub(crate) use self::collector::StoreCollector;
pub(crate) use self::fragment::{Fragment, Prefix, encoded};
use super::store::Store;
use crate::format::Format;

/// Is asked now and then while a body is written, and may take out what is in it so far behind so
/// many bytes. Those may still change, and what is taken comes behind them.
pub(crate) type Take<'a> = &'a mut dyn FnMut(&mut Vec<u8>, usize);

/// Appends a component, then removes what has been idle for too long.
pub(crate) fn encode(store: &Store, format: Format, body: &mut Vec<u8>, take: Take<'_>) {
    match format {
        Format::OpenMetrics | Format::Prometheus => text::encode(store, format, body, take),
        Format::Protobuf => families::encode(store, body, take),
    }
    store.remove_idle(Instant::now());
}

/// Appends what is registered with `prometheus_client` itself.
///
/// A metric that its encoder refuses ends what can be shown: all that was written before is kept.
pub(crate) fn encode_foreign(registry: &Registry, format: Format, body: &mut Vec<u8>) {
    let mut text = String::new();
    if encode_registry(&mut text, registry).is_err() {
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        text.truncate(whole);
    }
    if text.is_empty() {
        return;
    }
    match format {
        Format::OpenMetrics => body.extend_from_slice(text.as_bytes()),
        Format::Prometheus => foreign::Foreign::parse(&text).write_text(body),
        Format::Protobuf => foreign::Foreign::parse(&text).write_protobuf(body),
    }
}
