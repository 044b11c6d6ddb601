//! What the user wrote: a newtype around a recorder, and `#[metrics(…)]`.

use proc_macro2::{Ident, Span, TokenStream};
use streamhouse_metrics_spec::suggest::did_you_mean;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, LitStr, Token, Type, Visibility};

/// The derive's input.
pub(crate) struct Input {
    /// The user's struct.
    pub name: Ident,
    /// Its visibility: that of its constructors.
    pub visibility: Visibility,
    /// The type of its field, which the derive defines.
    pub recorder: Ident,
    /// The field's visibility: that of everything else that is generated.
    pub field_visibility: Visibility,
    /// Lint attributes of the struct, which the markers of unrecorded metrics obey.
    pub lints: Vec<Attribute>,
    /// The component to record.
    pub component: LitStr,
    /// The module of the label types; named after the component unless said otherwise.
    pub module: Ident,
    /// The feature of the deriving crate that turns recording on.
    pub feature: LitStr,
    /// The specification, relative to the crate's manifest.
    pub spec: Option<LitStr>,
    /// What is wrong and can be passed over, so that it stays the only error.
    pub errors: Vec<syn::Error>,
}

/// `#[metrics(…)]`.
#[derive(Default)]
struct Options {
    component: Option<LitStr>,
    module: Option<LitStr>,
    feature: Option<LitStr>,
    spec: Option<LitStr>,
    errors: Vec<syn::Error>,
}

/// The names of options.
const OPTIONS: [&str; 4] = ["component", "module", "feature", "spec"];

impl Input {
    /// Parses the derive's input.
    pub(crate) fn parse(input: TokenStream) -> syn::Result<Self> {
        let DeriveInput { attrs, vis, ident, generics, data } = syn::parse2(input)?;
        if !generics.params.is_empty() {
            let message = "a recorder has no generic parameters";
            return Err(syn::Error::new_spanned(generics, message));
        }
        let (field_visibility, recorder) = field(&ident, data)?;
        let options = Options::parse(&attrs)?;
        let component = options.component.ok_or_else(|| {
            syn::Error::new(
                ident.span(),
                "name the component to record: `#[metrics(component = \"…\")]`",
            )
        })?;
        let module = options.module.as_ref().unwrap_or(&component);
        Ok(Self {
            module: identifier(module, "a module name")?,
            name: ident,
            visibility: vis,
            recorder,
            field_visibility,
            lints: attrs.iter().filter_map(lint).collect(),
            component,
            feature: options.feature.unwrap_or_else(|| LitStr::new("metrics", Span::call_site())),
            spec: options.spec,
            errors: options.errors,
        })
    }
}

/// The one field of the newtype: its visibility and the name of its type.
fn field(name: &Ident, data: Data) -> syn::Result<(Visibility, Ident)> {
    let help = format!(
        "write `struct {name}(pub(crate) {}Recorder);`",
        name.to_string().trim_end_matches("Metrics")
    );
    let Data::Struct(data) = data else {
        return Err(syn::Error::new(
            name.span(),
            format!("only a struct can record metrics: {help}"),
        ));
    };
    let Fields::Unnamed(fields) = data.fields else {
        let span = match &data.fields {
            Fields::Unit => name.span(),
            fields => fields.span(),
        };
        return Err(syn::Error::new(span, format!("a recorder is a newtype: {help}")));
    };
    let span = fields.span();
    let mut fields = fields.unnamed.into_iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return Err(syn::Error::new(span, format!("a recorder has exactly one field: {help}")));
    };
    match &field.ty {
        Type::Path(path) if path.qself.is_none() => match path.path.get_ident() {
            Some(recorder) => Ok((field.vis, recorder.clone())),
            None => Err(not_a_name(&field.ty, &help)),
        },
        other => Err(not_a_name(other, &help)),
    }
}

fn not_a_name(found: &Type, help: &str) -> syn::Error {
    syn::Error::new_spanned(
        found,
        format!("the field's type is a new name, which the derive defines: {help}"),
    )
}

impl Options {
    fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut options = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("metrics"))
        {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
                let option = match &*name {
                    "component" => &mut options.component,
                    "module" => &mut options.module,
                    "feature" => &mut options.feature,
                    "spec" => &mut options.spec,
                    _ => {
                        let help = did_you_mean(&name, OPTIONS).unwrap_or_else(|| {
                            format!("the options are `{}`", OPTIONS.join("`, `"))
                        });
                        options.errors.push(meta.error(format!("unknown option `{name}`; {help}")));
                        // Its value is nobody's; what follows may be right.
                        return if meta.input.peek(Token![=]) {
                            meta.value()?.parse::<Expr>().map(|_| ())
                        } else {
                            Ok(())
                        };
                    }
                };
                let value = meta.value()?.parse()?;
                match option {
                    Some(_) => options.errors.push(meta.error("this option is given twice")),
                    None => *option = Some(value),
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}

/// The text of a literal as an identifier at its place.
fn identifier(literal: &LitStr, what: &str) -> syn::Result<Ident> {
    let identifier = literal.parse::<Ident>();
    identifier.map_err(|_| {
        syn::Error::new(literal.span(), format!("`{}` is not {what}", literal.value()))
    })
}

/// A lint attribute as the markers shall have it.
fn lint(attribute: &Attribute) -> Option<Attribute> {
    let path = attribute.path();
    if path.is_ident("expect") {
        // An expectation about the whole struct would be unfulfilled at every recorded metric.
        let mut allow = attribute.clone();
        if let syn::Meta::List(list) = &mut allow.meta {
            list.path = Ident::new("allow", path.span()).into();
        }
        return Some(allow);
    }
    let forwarded = ["allow", "warn", "deny", "forbid"].iter().any(|level| path.is_ident(level));
    forwarded.then(|| attribute.clone())
}
