//! Methods: per metric a marker, a direct method and a bound one.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use streamhouse_metrics_spec::catalog::{Kind, Metric, ValueType};
use streamhouse_metrics_spec::name::label_set_type;
use streamhouse_metrics_spec::rule::{self, Level};

use crate::input::Input;

use super::doc::Docs;
use super::{Scope, ident};

/// For every metric a private function that knows its slot and is called by its public methods.
///
/// It carries the place of the user's field type, so when nobody records the metric, rustc's
/// `dead_code` names it there. Public methods carry the macro's place, which lints skip. Every
/// marker has an `impl` block of its own, since past six dead methods in one block rustc stops
/// naming them.
pub(super) fn markers(scope: &Scope<'_>, input: &Input) -> TokenStream {
    let Input { recorder, module, lints, .. } = input;
    let span = recorder.span();
    // Of several levels the last one counts: the specification's, the struct's, the metric's own.
    let level = match scope.catalog.unrecorded {
        Level::Allow => quote!(#[allow(dead_code)]),
        Level::Error => quote!(#[deny(dead_code)]),
        Level::Warning | Level::Info => TokenStream::new(),
    };
    let markers = scope.placed().map(|(_, metric, _, slot)| {
        let name = proc_macro2::Ident::new(&metric.key, span);
        let allow = metric.allows(rule::UNRECORDED.id).then(|| quote!(#[allow(dead_code)]));
        quote_spanned! { span =>
            impl #recorder {
                #level
                #(#lints)*
                #allow
                #[inline]
                const fn #name() -> #module::__rt::Slot {
                    #module::__rt::Slot::new(#slot)
                }
            }
        }
    });
    markers.collect()
}

/// The method of every metric on the user's struct.
pub(super) fn direct(scope: &Scope<'_>, input: &Input) -> TokenStream {
    let Input { recorder, module, field_visibility, .. } = input;
    let docs = Docs::new(scope);
    let methods = scope.placed().map(|(id, metric, set, _)| {
        let name = ident(&metric.key);
        let handle = handle(metric);
        let doc = docs.direct(id, metric);
        let (parameter, labels) = match *scope.sets[set] {
            [] => (None, quote!(#module::__rt::NoLabels::<#set>)),
            ref labels => {
                let labels = label_type(scope, labels);
                (Some(quote!(labels: #module::#labels)), quote!(labels))
            }
        };
        quote! {
            #[doc = #doc]
            #[inline(always)]
            #field_visibility fn #name(&self, #parameter) -> #module::__rt::#handle {
                self.0.0.get(#labels, #recorder::#name())
            }
        }
    });
    methods.collect()
}

/// For every label set a type that has it resolved, with a method for each of its metrics.
pub(super) fn bound_types(scope: &Scope<'_>, recorder: &proc_macro2::Ident) -> TokenStream {
    let mut methods = vec![TokenStream::new(); scope.sets.len()];
    for (_, metric, set, _) in scope.placed() {
        let name = ident(&metric.key);
        let handle = handle(metric);
        let doc = Docs::bound(metric);
        methods[set].extend(quote! {
            #[doc = #doc]
            #[inline(always)]
            pub fn #name(&self) -> __rt::#handle {
                self.0.get(super::#recorder::#name())
            }
        });
    }
    let types =
        scope.sets.iter().zip(methods).filter(|(set, _)| !set.is_empty()).map(|(set, methods)| {
            let labels = label_set_type(scope.catalog, set);
            let doc = format!("The metrics of one [`{labels}`], resolved once.");
            let bound = ident(&format!("Bound{labels}"));
            quote! {
                #[doc = #doc]
                #[derive(::core::clone::Clone)]
                pub struct #bound(__rt::Bound);

                #[automatically_derived]
                impl ::core::convert::From<__rt::Bound> for #bound {
                    #[inline(always)]
                    fn from(bound: __rt::Bound) -> Self {
                        Self(bound)
                    }
                }

                #[automatically_derived]
                impl #bound { #methods }
            }
        });
    types.collect()
}

/// The type of a label set as a parameter.
fn label_type(scope: &Scope<'_>, labels: &[usize]) -> TokenStream {
    let name = ident(&label_set_type(scope.catalog, labels));
    match labels.iter().any(|&label| scope.catalog.labels[label].is_text()) {
        true => quote!(#name<'_>),
        false => quote!(#name),
    }
}

/// The type of the handle that records a metric.
fn handle(metric: &Metric) -> TokenStream {
    match (metric.kind, metric.value) {
        (Kind::Counter, ValueType::Integer) => quote!(Counter<'_, u64>),
        (Kind::Counter, _) => quote!(Counter<'_, f64>),
        (Kind::Gauge, ValueType::Integer) => quote!(Gauge<'_, i64>),
        (Kind::Gauge, _) => quote!(Gauge<'_, f64>),
        (Kind::Histogram, ValueType::Integer) => quote!(Histogram<'_, u64>),
        (Kind::Histogram, ValueType::Float) => quote!(Histogram<'_, f64>),
        (Kind::Histogram, ValueType::Duration) => quote!(Histogram<'_, ::core::time::Duration>),
        (Kind::Info, _) => quote!(Info<'_>),
    }
}
