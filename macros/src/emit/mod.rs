//! From the catalogue to tokens: names only, no behaviour.

mod describe;
mod doc;
mod labels;
mod methods;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Component, Metric, MetricId};

use crate::input::Input;

/// The part of the catalogue that one recorder is about.
pub(crate) struct Scope<'a> {
    pub catalog: &'a Catalog,
    /// Index of the component; absent in a skeleton that knows nothing of it.
    pub index: usize,
    pub metrics: &'a [Metric],
    /// The component's label sets, in order of first use.
    pub sets: Vec<&'a [usize]>,
    /// For each metric the number of its label set.
    pub places: Vec<usize>,
}

/// Everything that the derive generates for a struct.
pub(crate) fn recorder(input: &Input, catalog: &Catalog, component: Option<usize>) -> TokenStream {
    let scope = Scope::new(catalog, component);
    let Input { name, visibility, recorder, field_visibility, module, feature, .. } = input;
    let component_name = input.component.value();
    let description = describe::component(&scope, &component_name);
    let label_types = labels::types(&scope);
    let bound_types = methods::bound_types(&scope, recorder);
    let markers = methods::markers(&scope, input);
    let direct = methods::direct(&scope, input);
    let module_doc = format!("Label sets of the `{component_name}` component.");
    let recorder_doc = format!("Records the `{component_name}` component's metrics.");
    quote! {
        #[cfg(feature = #feature)]
        ::streamhouse_metrics::__private::require_forwarded!(#feature);

        #[doc = #module_doc]
        #field_visibility mod #module {
            #[doc(hidden)]
            #[cfg(feature = #feature)]
            pub use ::streamhouse_metrics::__private::on as __rt;
            #[doc(hidden)]
            #[cfg(not(feature = #feature))]
            pub use ::streamhouse_metrics::__private::off as __rt;

            /// Tells the label sets of this component from those of others.
            #[doc(hidden)]
            pub enum __Component {}

            #[cfg(feature = #feature)]
            pub(super) static __COMPONENT: __rt::Component = #description;
            #[cfg(not(feature = #feature))]
            pub(super) static __COMPONENT: __rt::Component = __rt::Component;

            #label_types
            #bound_types
        }

        #[doc = #recorder_doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #field_visibility struct #recorder(#module::__rt::Recorder);

        #markers

        #[automatically_derived]
        impl #name {
            /// Registers the component's metrics and returns their recorder.
            ///
            /// Registering the component a second time in one `streamhouse_metrics::Registry`
            /// gives a recorder of the same series. Where another component exposes one of these
            /// names already, the recorder works but is not exposed; `try_new` says so.
            #[inline(always)]
            #visibility fn new<R: #module::__rt::Registrar + ?::core::marker::Sized>(registry: &mut R) -> Self {
                Self(#recorder(#module::__rt::Recorder::new(registry, &#module::__COMPONENT)))
            }

            /// Registers the component's metrics, or says which name another component exposes.
            #[inline(always)]
            #visibility fn try_new<R: #module::__rt::Registrar + ?::core::marker::Sized>(
                registry: &mut R,
            ) -> ::core::result::Result<Self, #module::__rt::RegisterError> {
                ::core::result::Result::map(
                    #module::__rt::Recorder::try_new(registry, &#module::__COMPONENT),
                    |recorder| Self(#recorder(recorder)),
                )
            }

            /// Resolves a label set once, for recording on a hot path.
            #[inline(always)]
            #field_visibility fn bind<L: #module::__rt::LabelSet<Component = #module::__Component>>(
                &self,
                labels: L,
            ) -> L::Bound
            where
                L::Bound: ::core::convert::From<#module::__rt::Bound>,
            {
                <L::Bound as ::core::convert::From<#module::__rt::Bound>>::from(self.0.0.bind(labels))
            }

            /// Removes the series of these labels, and says whether there were any.
            ///
            /// All metrics of the label set lose them, for every value of its closed labels: what
            /// is removed is the combination of its open labels, whose values then count no longer
            /// against their limits. Others may be recording meanwhile; whoever records into it
            /// later begins the series anew. A set without open labels has nothing to remove.
            #[inline(always)]
            #field_visibility fn remove<L: #module::__rt::LabelSet<Component = #module::__Component>>(
                &self,
                labels: L,
            ) -> bool {
                self.0.0.remove(labels)
            }

            #direct
        }

        // Not marked as derived: rustc would then call the field unread in a crate that only clones.
        impl ::core::clone::Clone for #name {
            #[inline(always)]
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0))
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<::std::sync::Arc<#name>> for #name {
            #[inline(always)]
            fn from(shared: ::std::sync::Arc<#name>) -> Self {
                ::core::clone::Clone::clone(&*shared)
            }
        }
    }
}

impl<'a> Scope<'a> {
    fn new(catalog: &'a Catalog, index: Option<usize>) -> Self {
        let component = index.map(|index| &catalog.components[index]);
        let metrics = component.map_or(&[][..], |component| &component.metrics);
        let sets = component.map_or_else(Vec::new, Component::label_sets);
        let set =
            |metric: &Metric| sets.iter().position(|set| *set == metric.labels).unwrap_or_default();
        let places = metrics.iter().map(set).collect();
        Self { catalog, index: index.unwrap_or_default(), metrics, sets, places }
    }

    /// The component, unless this is a skeleton that knows nothing of it.
    fn component(&self) -> Option<&'a Component> {
        self.catalog.components.get(self.index)
    }

    /// Every metric with its id, the number of its label set, and its slot.
    fn placed(&self) -> impl Iterator<Item = (MetricId, &'a Metric, usize, usize)> {
        let component = self.index;
        self.metrics.iter().zip(&self.places).enumerate().map(move |(metric, (described, &set))| {
            (MetricId { component, metric }, described, set, metric)
        })
    }
}

/// An identifier that belongs to the expansion.
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
