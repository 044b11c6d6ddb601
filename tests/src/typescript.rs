//! Types that somebody else wrote, by which the TypeScript compiler judges literals.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::workspace::own_file;
use crate::{Finished, Verdict, finish, scratch_folder, tool};

/// A type and the module that exports it, in a folder beside this package's sources.
pub(crate) struct Type {
    pub(crate) folder: &'static str,
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
}

/// Judges whether values, given by name and JSON text, satisfy a type and have no key beyond it.
///
/// Each becomes one TypeScript file of its name, so that a refusal says which;
/// all are judged in one run, since starting the compiler costs the most.
pub(crate) fn satisfy<'a>(
    expected: &Type,
    values: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Verdict {
    let Type { folder, module, name: type_name } = expected;
    let folder = own_file(folder).canonicalize().expect("the folder of the types is there");
    let module = json!(folder.join(module));

    let scratch = scratch_folder();
    let mut files = Vec::new();
    for (name, text) in values {
        let file = format!("{name}.ts");
        let source = format!(
            "import type {{ {type_name} }} from {module};\n({text}) satisfies {type_name};\n"
        );
        fs::write(scratch.path().join(&file), source).expect("a scratch file can be written");
        files.push(file);
    }
    assert!(!files.is_empty(), "there is nothing to judge");
    let project = json!({ "extends": folder.join("tsconfig.json"), "files": files });
    fs::write(scratch.path().join("tsconfig.json"), project.to_string())
        .expect("a scratch file can be written");

    let mut compiler = tool("tsc");
    compiler.args(["--pretty", "false", "--project"]).arg(scratch.path());
    compiler.current_dir(scratch.path());
    let Finished { code, stdout, stderr } = finish(compiler, b"", Duration::from_secs(120));
    match code {
        Some(0) => Ok(()),
        // A complaint with a place is about a value, any other about the compiler's use.
        Some(_) if stdout.lines().any(|line| line.contains(".ts(")) => Err(stdout),
        _ => panic!("tsc broke: {code:?}\n{stdout}{stderr}"),
    }
}
