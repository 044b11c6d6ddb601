//! What the derive generates, as reviewers see it, and what it refuses to read.

use proc_macro2::TokenStream;
use quote::quote;

use crate::expand::expand;
use crate::input::Input;

/// The whole expansion of a specification with one metric of every kind.
#[test]
fn expansion() {
    let tokens = expand(quote! {
        #[metrics(component = "checkout", spec = "src/tests/shop.toml")]
        #[allow(clippy::all)]
        pub struct CheckoutMetrics(pub(crate) CheckoutRecorder);
    });
    let file = syn::parse2(tokens).expect("the expansion is a list of items");
    let text = prettyplease::unparse(&file);
    let text = text.replace(env!("CARGO_MANIFEST_DIR"), "<manifest>");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(text) });
}

/// The complaint about an input; the compile-fail tests show where it points.
#[track_caller]
fn refused(input: TokenStream, complaint: &str) {
    let Err(error) = Input::parse(input) else { panic!("this should be refused") };
    assert_eq!(error.to_string(), complaint);
}

#[test]
fn no_fields() {
    refused(
        quote! { #[metrics(component = "checkout")] struct CheckoutMetrics(); },
        "a recorder has exactly one field: write `struct CheckoutMetrics(pub(crate) CheckoutRecorder);`",
    );
}

#[test]
fn union() {
    refused(
        quote! { #[metrics(component = "checkout")] union Metrics { on: Recorder } },
        "only a struct can record metrics: write `struct Metrics(pub(crate) Recorder);`",
    );
}

#[test]
fn lifetime() {
    refused(
        quote! { #[metrics(component = "checkout")] struct CheckoutMetrics<'a>(Recorder<'a>); },
        "a recorder has no generic parameters",
    );
}

#[test]
fn reference() {
    refused(
        quote! { #[metrics(component = "checkout")] struct Shop(&'static ShopRecorder); },
        "the field's type is a new name, which the derive defines: write `struct Shop(pub(crate) ShopRecorder);`",
    );
}

#[test]
fn component_is_no_text() {
    refused(
        quote! { #[metrics(component = checkout)] struct CheckoutMetrics(CheckoutRecorder); },
        "expected string literal",
    );
}

#[test]
fn component_without_a_value() {
    refused(
        quote! { #[metrics(component)] struct CheckoutMetrics(CheckoutRecorder); },
        "expected `=`",
    );
}

#[test]
fn component_that_cannot_name_a_module() {
    refused(
        quote! { #[metrics(component = "check out")] struct CheckoutMetrics(CheckoutRecorder); },
        "`check out` is not a module name",
    );
}

#[test]
fn lints_are_handed_on() {
    let input = Input::parse(quote! {
        /// Documentation is not.
        #[allow(dead_code)]
        #[must_use]
        #[deny(clippy::all)]
        #[metrics(component = "checkout")]
        struct CheckoutMetrics(CheckoutRecorder);
    });
    let lints = input.expect("it is right").lints;
    assert_eq!(
        quote!(#(#lints)*).to_string(),
        quote!(#[allow(dead_code)] #[deny(clippy::all)]).to_string()
    );
}

/// Whatever is wrong with a specification, what the derive makes of it is a program.
#[test]
fn every_mistake_in_a_specification_expands_to_a_program() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/tests/mistakes");
    let files: Vec<_> = std::fs::read_dir(folder).expect("mistakes").collect();
    assert!(files.len() > 60, "the folder of mistakes is nearly empty");
    for file in files {
        let path = file.expect("readable").path();
        let drawn = std::fs::read_to_string(&path).expect("text");
        let is_source = |line: &&str| !line.trim_start().starts_with(['^', '~', '>']);
        let specification: String = drawn.split_inclusive('\n').filter(is_source).collect();
        let scratch = std::env::temp_dir().join(format!("mistake-{}.toml", std::process::id()));
        std::fs::write(&scratch, specification).expect("writable");
        let place = scratch.to_str().expect("a temporary folder with a name in Unicode");
        for component in ["checkout", "d", "mod", "a"] {
            let expansion = crate::expand::expand(quote::quote! {
                #[metrics(component = #component, module = "labels", spec = #place)]
                pub struct Metrics(pub Recorder);
            });
            let parsed = syn::parse2::<syn::File>(expansion.clone());
            assert!(
                parsed.is_ok(),
                "{} as {component}: {:?}\n{expansion}",
                path.display(),
                parsed.err()
            );
        }
        std::fs::remove_file(scratch).expect("it was just written");
    }
}
