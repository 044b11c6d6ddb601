//! Mistakes, one a file, each with the compiler's answer beside it: `fixtures/mistakes/src/bin/`.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use crate::cargo::{Diagnostic, Messages, fixtures, messages};

/// All mistakes, compiled with metrics off and on: two cargo runs for all of them.
static ANSWERS: LazyLock<[Messages; 2]> = LazyLock::new(|| {
    ["", "--features metrics"]
        .map(|features| messages(&fixtures(), &format!("check -p mistakes {features}")))
});

#[track_caller]
fn check(mistake: &str, errors: usize) {
    let [off, on] = &*ANSWERS;
    let diagnostics = off.of(mistake);
    let rendered: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.rendered).collect();
    let found = diagnostics.iter().filter(|diagnostic| diagnostic.level == "error").count();
    assert_eq!(found, errors, "{}", rendered.join("\n"));

    // Below its headline, rustc may list what else there is, which differs with the feature. A type
    // that there is twice is named with its module.
    let read = |diagnostic: &Diagnostic<'_>| {
        diagnostic.message.replace("on::source::", "off::") + "\n" + &diagnostic.picture()
    };
    let both = [off, on].map(|answers| answers.of(mistake).iter().map(read).collect::<Vec<_>>());
    assert_eq!(both[0], both[1], "a mistake reads the same, on and off");

    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../fixtures/mistakes/src/bin");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let pictures: Vec<_> = diagnostics.iter().map(Diagnostic::picture).collect();
    settings.bind(|| insta::assert_snapshot!(mistake, pictures.join("\n")));
}

macro_rules! mistakes {
    ($($mistake:ident: $errors:literal,)*) => {
        $(#[test] fn $mistake() { check(stringify!($mistake), $errors); })*

        #[test]
        fn every_file_is_tried() {
            let tried = BTreeSet::from([$(stringify!($mistake).to_owned()),*]);
            let files = fs::read_dir(fixtures().join("mistakes/src/bin")).expect("it is there");
            let paths = files.map(|file| file.expect("it can be read").path());
            // A snapshot that waits for its review is no mistake of its own.
            let paths = paths.filter(|path| path.extension().unwrap() != "new");
            let stems = paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
            assert_eq!(stems.collect::<BTreeSet<_>>(), tried);
        }
    };
}

// Each mistake with the number of its errors.
mistakes! {
    an_enum: 1,
    exemplar_on_a_metric_without_them: 1,
    field_type_is_not_a_name: 1,
    gauge_method_on_a_counter: 1,
    generic_struct: 1,
    half_typed_line_in_the_specification: 1,
    keyword_in_the_specification: 1,
    label_dropped_before_its_handle: 1,
    label_of_the_wrong_type: 1,
    labels_of_another_component: 1,
    labels_of_another_metric: 1,
    malformed_names_in_the_specification: 1,
    metric_of_other_labels_on_a_bound_handle: 1,
    missing_component: 1,
    missing_label: 1,
    misspelt_component: 1,
    misspelt_label: 1,
    misspelt_label_in_the_specification: 1,
    misspelt_metric: 1,
    module_is_not_a_name: 1,
    not_a_newtype: 1,
    one_mistake_in_the_specification: 1,
    option_given_twice: 1,
    private_field_used_outside: 1,
    repeated_value_in_the_specification: 1,
    specification_is_a_folder: 1,
    specification_is_missing: 1,
    specification_is_not_toml: 1,
    timer_outlives_the_recorder: 1,
    two_fields: 1,
    two_mistakes_in_the_specification: 2,
    unit_struct: 1,
    unknown_component: 1,
    unknown_option: 1,
    unknown_value: 1,
}
