//! Addresses, and queries in them.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::{Result, texts};
use crate::template::value::Value;

/// The path that shows an expression's graph.
pub(crate) fn graph<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [expr] = texts(arguments);
    Ok(Value::Text(format!("/graph?g0.expr={}&g0.tab=0", escaped(expr))))
}

/// The path that shows an expression's values.
pub(crate) fn table<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [expr] = texts(arguments);
    Ok(Value::Text(format!("/graph?g0.expr={}&g0.tab=1", escaped(expr))))
}

pub(crate) fn query_escape<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [text] = texts(arguments);
    Ok(Value::Text(escaped(text)))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => escaped.push('+'),
            b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => escaped.push(char::from(byte)),
            _ => _ = write!(escaped, "%{byte:02X}"),
        }
    }
    escaped
}

/// A host without its port.
pub(crate) fn strip_port<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [address] = texts(arguments);
    let host = host_and_port(address).map_or(address, |(host, _)| host);
    Ok(Value::Text(host.to_owned()))
}

/// A host without its domain; addresses of numbers have none.
pub(crate) fn strip_domain<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [address] = texts(arguments);
    let (host, port) = host_and_port(address).unwrap_or((address, ""));
    if host.parse::<IpAddr>().is_ok() {
        return Ok(Value::Text(address.to_owned()));
    }
    let name = host.split('.').next().unwrap_or(host);
    Ok(Value::Text(match port {
        "" => name.to_owned(),
        _ if name.contains(':') => format!("[{name}]:{port}"),
        _ => format!("{name}:{port}"),
    }))
}

/// Go's `SplitHostPort`: nothing where there is no port, or there are too many colons.
fn host_and_port(address: &str) -> Option<(&str, &str)> {
    let (host, port) = address.rsplit_once(':')?;
    let has_brackets = |text: &str| text.contains(['[', ']']);
    let host = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    (!has_brackets(host) && !has_brackets(port)).then_some((host, port))
}
