//! The constant description of a component that the runtime registers.

use proc_macro2::TokenStream;
use quote::quote;
use streamhouse_metrics_spec::catalog::{Domain, Kind, Label, Metric, ValueType};
use streamhouse_metrics_spec::own::{self, OwnMetric};

use super::Scope;

/// The component's description as a constant expression.
pub(super) fn component(scope: &Scope<'_>, name: &str) -> TokenStream {
    let name = format!("{}_{name}", scope.catalog.namespace);
    let used = used_labels(scope);
    let labels = used.iter().map(|&at| label(&scope.catalog.labels[at]));
    let sets = scope.sets.iter().map(|set| {
        let positions = set.iter().map(|label| used.partition_point(|other| other < label));
        quote!(&[#(#positions),*])
    });
    let metrics = scope.placed().map(|(_, described, set, _)| metric(described, set));
    let component = scope.component();
    let timeout = component.and_then(|component| component.idle_timeout);
    let idle_timeout = option(timeout.map(|timeout| {
        let milliseconds = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        quote!(::core::time::Duration::from_millis(#milliseconds))
    }));
    let own = component.map(|component| component.own_metrics(scope.catalog)).unwrap_or_default();
    let [overflow, errors] = [own::LIMIT_LABEL, own::REASON_LABEL]
        .map(|label| own_metric(scope, own.iter().find(|own| own.label == label)));
    quote! {
        __rt::Component {
            name: #name,
            labels: &[#(#labels),*],
            sets: &[#(#sets),*],
            metrics: &[#(#metrics),*],
            idle_timeout: #idle_timeout,
            overflow: #overflow,
            errors: #errors,
        }
    }
}

/// A counter about the metrics themselves; without values if the component has none.
fn own_metric(scope: &Scope<'_>, own: Option<&OwnMetric>) -> TokenStream {
    let Some(OwnMetric { family, help, label, values }) = own else {
        return quote!(__rt::OwnMetric {
            name: "",
            help: "",
            label: "",
            values: &[],
            const_labels: &[]
        });
    };
    let constant = scope.catalog.const_labels.iter().map(|(name, value)| quote!((#name, #value)));
    quote! {
        __rt::OwnMetric {
            name: #family,
            help: #help,
            label: #label,
            values: &[#(#values),*],
            const_labels: &[#(#constant),*],
        }
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// The catalogue's labels that the component uses, ascending.
fn used_labels(scope: &Scope<'_>) -> Vec<usize> {
    let mut used: Vec<usize> = scope.sets.iter().flat_map(|set| set.iter().copied()).collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn label(label: &Label) -> TokenStream {
    let Label { name, domain, .. } = label;
    let (values, limit): (&[String], usize) = match domain {
        Domain::Closed { values } => (values, 0),
        Domain::Open { limit, .. } => (&[], usize::try_from(*limit).unwrap_or(usize::MAX)),
    };
    quote!(__rt::Label { name: #name, values: &[#(#values),*], limit: #limit })
}

fn metric(metric: &Metric, set: usize) -> TokenStream {
    let Metric { family, help, kind, value, const_labels, buckets, .. } = metric;
    let Metric { native, exemplars, sample, series_limit, .. } = metric;
    let unit = option(metric.openmetrics_unit().map(|unit| quote!(#unit)));
    let series_limit = series_limit.map_or(0, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let kind = match kind {
        Kind::Counter => quote!(Counter),
        Kind::Gauge => quote!(Gauge),
        Kind::Histogram => quote!(Histogram),
        Kind::Info => quote!(Info),
    };
    let number = match value {
        ValueType::Integer => quote!(Integer),
        ValueType::Float => quote!(Float),
        ValueType::Duration => quote!(Duration),
    };
    let const_labels = const_labels.iter().map(|(name, value)| quote!((#name, #value)));
    let buckets = buckets.iter().map(|bound| {
        let (value, le) = (bound.value(), bound.le());
        quote!((#value, #le))
    });
    quote! {
        __rt::Metric {
            name: #family,
            help: #help,
            unit: #unit,
            kind: __rt::Kind::#kind,
            number: __rt::Number::#number,
            set: #set,
            const_labels: &[#(#const_labels),*],
            buckets: &[#(#buckets),*],
            native: #native,
            exemplars: #exemplars,
            sample: #sample,
            series_limit: #series_limit,
        }
    }
}
