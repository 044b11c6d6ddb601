//! What watches the service: how long it remembers, and what its objects in Kubernetes carry.

use std::time::Duration;

use crate::catalog::Deployment;
use crate::diagnostic::Diagnostic;
use crate::spec::{self, Spec, Text};
use crate::{duration, rule};

use super::kubernetes;
use super::report::Report;

/// What the specification says about that, or what follows from the rest of it.
pub(super) fn deployment(spec: &Spec, report: &mut Report<'_>) -> Deployment {
    let spec::Deployment { retention, channel, namespace, labels, pod_namespaces } =
        &spec.deployment;
    for namespace in namespace.iter().chain(pod_namespaces) {
        kubernetes::namespace(namespace, report);
    }
    let retention = retention.as_ref().and_then(|written| kept(written, report));
    let service = spec.namespace.as_ref().map_or("", |namespace| &namespace.value);
    let own_channel = || format!("#{}-alerts", service.replace('_', "-"));
    Deployment {
        retention: retention.unwrap_or(Deployment::default().retention),
        channel: channel.as_ref().map_or_else(own_channel, |channel| channel.value.clone()),
        namespace: namespace.as_ref().map(|namespace| namespace.value.clone()),
        labels: kubernetes::labels(labels, report),
        pod_namespaces: pod_namespaces.iter().map(|namespace| namespace.value.clone()).collect(),
    }
}

/// How long something is kept; what is no duration has been reported.
fn kept(written: &Text, report: &mut Report<'_>) -> Option<Duration> {
    let retention = duration::parse(written)?;
    if retention.is_zero() {
        let message = "nothing would be kept";
        let diagnostic = Diagnostic::new(&rule::RETENTION, written.span, message);
        report.push(diagnostic.help("keep it for some time, such as `30d`, or delete `retention`"));
        return None;
    }
    Some(retention)
}
