//! The pipeline: one function that reads from input to tokens.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit;
use crate::input::Input;
use crate::load::{self, Loaded};

/// Expands the derive. Whatever is wrong becomes `compile_error!`s beside as much of the recorder
/// as can be made, so that one mistake is one error.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut input = match Input::parse(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let Loaded { catalog, component, files, errors } = load::load(&mut input);
    let recorder = emit::recorder(&input, &catalog, component);
    let passed_over = input.errors.iter().map(syn::Error::to_compile_error);
    quote! {
        #(#passed_over)*
        #(#errors)*
        #(const _: &[u8] = ::core::include_bytes!(#files);)*
        #recorder
    }
}
