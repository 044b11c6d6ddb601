//! Kubernetes objects, by models of Kubernetes and of the Prometheus operator.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::typescript::{Type, satisfy};
use crate::{Finished, Verdict, finish, tool, yaml_1_1_and_1_2_agree};

const OBJECT: Type = Type { folder: "kubernetes", module: "objects", name: "KubernetesObject" };

/// Judges one object in YAML or JSON, of a kind that `tests/kubernetes/` knows, and returns it.
pub fn kubernetes_object(text: &str) -> Verdict<Value> {
    let mut objects = kubernetes_objects([("object", text)])?;
    Ok(objects["object"].take())
}

/// Judges many objects, given by name and text, and returns them by name; a refusal says which.
///
/// One run for all of them, since starting the judges costs the most.
pub fn kubernetes_objects<'a>(
    objects: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Verdict<Value> {
    let mut read = Map::new();
    for (name, text) in objects {
        let object = yaml_1_1_and_1_2_agree(text).map_err(|why| format!("{name}: {why}"))?;
        assert!(read.insert(name.to_owned(), object).is_none(), "two objects are called {name}");
    }
    let literals: Vec<_> =
        read.iter().map(|(name, object)| (name.as_str(), object.to_string())).collect();
    // The models know which values are right, the types know which keys there are.
    let values = values(&read);
    let keys = satisfy(&OBJECT, literals.iter().map(|(name, text)| (*name, text.as_str())));
    match (values, keys) {
        (Ok(()), Ok(())) => Ok(Value::Object(read)),
        (values, keys) => {
            Err([values, keys].into_iter().filter_map(Result::err).collect::<Vec<_>>().concat())
        }
    }
}

fn values(objects: &Map<String, Value>) -> Verdict {
    let input = Value::Object(objects.clone()).to_string();
    let finished = finish(tool("kubernetes"), input.as_bytes(), Duration::from_secs(60));
    let Finished { code, stdout, stderr } = finished;
    match code {
        Some(0) => Ok(()),
        Some(3) => Err(stderr),
        _ => panic!("the models of Kubernetes broke: {code:?}\n{stdout}{stderr}"),
    }
}
