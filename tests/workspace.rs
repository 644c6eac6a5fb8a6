//! The shape of the workspace: what CONTRIBUTING.md and ARCHITECTURE.md promise of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use demarche_tests::root;

/// Crates that add layers, by folder.
const STAGE_CRATES: [&str; 6] = ["tokenize", "syntax", "entity", "coreference", "quote", "sanction"];

/// Our own dependencies of each crate, without those of its tests.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours = |package: &serde_json::Value| {
        let name = package["name"].as_str().unwrap().to_owned();
        let list = package["dependencies"].as_array().unwrap().iter();
        let normal = list.filter(|dependency| dependency["kind"].is_null() && !dependency["path"].is_null());
        (name, normal.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect())
    };
    packages.iter().map(ours).collect()
}

#[test]
fn stage_crates_do_not_depend_on_each_other() {
    let dependencies = dependencies();
    for stage in STAGE_CRATES {
        let own = &dependencies[&format!("demarche-{stage}")];
        let other = own.iter().find(|name| !["demarche-core", "demarche-model"].contains(&name.as_str()));
        assert_eq!(other, None, "crates/{stage} may depend on core and model only");
    }
}

#[test]
fn core_depends_on_nothing_of_ours() {
    assert!(dependencies()["demarche-core"].is_empty());
}

#[test]
fn every_stage_is_registered_documented_and_in_a_ready_pipeline() {
    let registry = demarche::registry();
    for name in STAGE_CRATES {
        assert!(registry.get(name).is_some(), "crates/{name} has a stage of its name");
    }
    for kind in registry.kinds() {
        assert!(!kind.summary.is_empty(), "{} has a summary", kind.name);
        let used = format!("use = \"{}\"", kind.name);
        assert!(
            demarche::ready::READY.iter().any(|ready| ready.toml.contains(&used)),
            "{used} is in a ready pipeline"
        );
        let options = kind.options["properties"].as_object();
        for (key, option) in options.into_iter().flatten() {
            assert!(option["description"].is_string(), "option {key} of {} is documented", kind.name);
            assert!(option.get("default").is_some(), "option {key} of {} states its default", kind.name);
        }
    }
}

#[test]
fn every_crate_has_a_readme() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let lines = fs::read_to_string(folder.join("README.md")).unwrap().lines().count();
        assert!(lines >= 10, "{} says what it is", folder.display());
    }
}

#[test]
fn every_ready_pipeline_is_embedded_and_a_file() {
    for ready in demarche::ready::READY {
        let file = fs::read_to_string(root().join(format!("pipelines/{}.toml", ready.name))).unwrap();
        assert_eq!(file, ready.toml);
    }
}
