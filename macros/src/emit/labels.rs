//! Label types: an enum for every closed label, a struct for every label set.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use streamhouse_metrics_spec::catalog::{Domain, Label, LabelType};
use streamhouse_metrics_spec::name::{label_set_type, to_camel_case};

use super::doc::{code, sentence};
use super::{Scope, ident};

/// The label types of a component.
pub(super) fn types(scope: &Scope<'_>) -> TokenStream {
    let labels = &scope.catalog.labels;
    let closed: BTreeSet<usize> = scope
        .sets
        .iter()
        .flat_map(|set| set.iter().copied())
        .filter(|&at| labels[at].is_closed())
        .collect();
    let enums = closed.iter().map(|&at| closed_label(&labels[at]));
    let sets = scope.sets.iter().enumerate().map(|(number, set)| match **set {
        [] => TokenStream::new(),
        [only] if labels[only].is_closed() => enum_set(number, &labels[only]),
        _ => struct_set(scope, number, set),
    });
    quote!(#(#enums)* #(#sets)*)
}

/// The enum of a closed label.
fn closed_label(label: &Label) -> TokenStream {
    let Label { key, name, help, domain: _ } = label;
    let values = label.closed_values();
    let enumeration = ident(&to_camel_case(key));
    let variants: Vec<_> = values.iter().map(|value| ident(&to_camel_case(value))).collect();
    let doc = format!("{} (label `{name}`).", sentence(help));
    let docs = values.iter().map(|value| format!("The value {}.", code(value)));
    quote! {
        #[doc = #doc]
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug,
            ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash,
        )]
        pub enum #enumeration { #(#[doc = #docs] #variants),* }

        #[automatically_derived]
        impl #enumeration {
            /// The value as exposed.
            pub const fn as_str(self) -> &'static str {
                match self { #(Self::#variants => #values),* }
            }
        }
    }
}

/// A single closed label is its enum itself.
fn enum_set(number: usize, label: &Label) -> TokenStream {
    let name = to_camel_case(&label.key);
    implementation(&name, TokenStream::new(), number, &[], quote!(*self as usize))
}

/// The struct of a label set, its fields in the order of `[labels]`.
fn struct_set(scope: &Scope<'_>, number: usize, set: &[usize]) -> TokenStream {
    let labels = || set.iter().map(|&at| &scope.catalog.labels[at]);
    let name = label_set_type(scope.catalog, set);
    let borrows = labels().any(Label::is_text);
    let (declared, elided) =
        if borrows { (quote!(<'a>), quote!(<'_>)) } else { Default::default() };
    let fields = labels().map(|label| {
        let (field, kind) = (ident(&label.key), field_type(label));
        let doc = field_doc(label);
        quote!(#[doc = #doc] pub #field: #kind)
    });
    let values: Vec<_> = labels().filter(|label| !label.is_closed()).map(open_value).collect();
    let cell = grid_index(labels().filter(|label| label.is_closed()));
    let implementation = implementation(&name, elided, number, &values, cell);
    let keys: Vec<_> = labels().map(|label| format!("`{}`", label.key)).collect();
    let doc = format!("The labels {}.", keys.join(", "));
    let name = ident(&name);
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::marker::Copy)]
        pub struct #name #declared { #(#fields),* }

        #implementation
    }
}

fn implementation(
    name: &str,
    generics: TokenStream,
    number: usize,
    open: &[TokenStream],
    closed: TokenStream,
) -> TokenStream {
    let (name, bound) = (ident(name), ident(&format!("Bound{name}")));
    let length = open.len();
    quote! {
        #[automatically_derived]
        impl __rt::LabelSet for #name #generics {
            type Component = __Component;
            type Bound = #bound;
            type Open<'v> = [__rt::Value<'v>; #length] where Self: 'v;
            const SET: usize = #number;

            #[inline(always)]
            fn open(&self) -> Self::Open<'_> {
                [#(#open),*]
            }

            #[inline(always)]
            fn closed(&self) -> usize {
                #closed
            }
        }
    }
}

fn field_type(label: &Label) -> TokenStream {
    match &label.domain {
        Domain::Closed { .. } => {
            let enumeration = ident(&to_camel_case(&label.key));
            quote!(#enumeration)
        }
        Domain::Open { kind: LabelType::String, .. } => quote!(&'a str),
        Domain::Open { kind: LabelType::U32, .. } => quote!(u32),
        Domain::Open { kind: LabelType::U64, .. } => quote!(u64),
        Domain::Open { kind: LabelType::I64, .. } => quote!(i64),
    }
}

fn field_doc(label: &Label) -> String {
    let Label { key: _, name, help, domain } = label;
    let help = sentence(help);
    match domain {
        Domain::Closed { .. } => format!("{help} (label `{name}`)."),
        Domain::Open { limit, .. } => format!("{help} (label `{name}`, at most {limit} values)."),
    }
}

fn open_value(label: &Label) -> TokenStream {
    let field = ident(&label.key);
    match &label.domain {
        Domain::Open { kind: LabelType::U32 | LabelType::U64, .. } => {
            quote!(__rt::Value::Unsigned(self.#field as u64))
        }
        Domain::Open { kind: LabelType::I64, .. } => quote!(__rt::Value::Signed(self.#field)),
        _ => quote!(__rt::Value::Text(self.#field)),
    }
}

/// The place of the closed labels' values in their row-major grid.
fn grid_index<'a>(closed: impl Iterator<Item = &'a Label>) -> TokenStream {
    let mut index = quote!(0);
    for (at, label) in closed.enumerate() {
        let field = ident(&label.key);
        let size = label.closed_values().len();
        index = match at {
            0 => quote!(self.#field as usize),
            _ => quote!((#index) * #size + self.#field as usize),
        };
    }
    index
}
