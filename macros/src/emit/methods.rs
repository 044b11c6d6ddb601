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
        let doc = docs.direct(id, metric);
        let (lifetime, parameter, kind, labels) = match *scope.sets[set] {
            [] => {
                (None, None, quote!(__rt::NoLabels<#set>), quote!(#module::__rt::NoLabels::<#set>))
            }
            ref labels => {
                let (lifetime, kind) = label_type(scope, labels);
                (lifetime, Some(quote!(labels: #module::#kind)), kind, quote!(labels))
            }
        };
        let source = quote!(#module::__rt::Direct<'_, #module::#kind>);
        let handle = handle(metric, &source);
        quote! {
            #[doc = #doc]
            #[inline(always)]
            #field_visibility fn #name #lifetime(&self, #parameter) -> #module::__rt::#handle {
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
        let handle = handle(metric, &quote!(__rt::Pinned<'_>));
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

/// The type of a label set as a parameter, and the lifetime of its texts, if it has any.
fn label_type(scope: &Scope<'_>, labels: &[usize]) -> (Option<TokenStream>, TokenStream) {
    let name = ident(&label_set_type(scope.catalog, labels));
    match labels.iter().any(|&label| scope.catalog.labels[label].is_text()) {
        true => (Some(quote!(<'labels>)), quote!(#name<'labels>)),
        false => (None, quote!(#name)),
    }
}

/// The type of the handle that records a metric, with its series from `source`.
fn handle(metric: &Metric, source: &TokenStream) -> TokenStream {
    let exemplars = metric.exemplars.then(|| quote!(, true));
    match (metric.kind, metric.value) {
        (Kind::Counter, ValueType::Integer) => quote!(Counter<'_, u64, #source #exemplars>),
        (Kind::Counter, _) => quote!(Counter<'_, f64, #source #exemplars>),
        (Kind::Gauge, ValueType::Integer) => quote!(Gauge<'_, i64, #source>),
        (Kind::Gauge, _) => quote!(Gauge<'_, f64, #source>),
        (Kind::Histogram, ValueType::Integer) => quote!(Histogram<'_, u64, #source #exemplars>),
        (Kind::Histogram, ValueType::Float) => quote!(Histogram<'_, f64, #source #exemplars>),
        (Kind::Histogram, ValueType::Duration) => {
            quote!(Histogram<'_, ::core::time::Duration, #source #exemplars>)
        }
        (Kind::Info, _) => quote!(Info<'_, #source>),
    }
}
