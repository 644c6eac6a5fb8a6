//! Shared libraries, loaded: the example plugin, files that are none, pins, permissions.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(feature = "host")]

#[path = "support/document.rs"]
mod document;
#[path = "support/library.rs"]
mod library;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use demarche_core::Pipeline;
use demarche_plugin::serde_json::json;
use demarche_plugin::{Document, Plugin, PluginSpec, Span, hash, load};

fn headline() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| library::package("headline"))
}

/// Whatever the permissions of the folder in which the tests are built.
fn spec(path: &Path) -> PluginSpec {
    PluginSpec { path: path.to_owned(), allow_writable: true, ..PluginSpec::default() }
}

#[track_caller]
fn check_error(spec: &PluginSpec, message: &str) {
    let error = load(spec, 1).expect_err("it cannot be loaded").to_string();
    assert_eq!(error, message);
}

fn article() -> Document<'static> {
    let mut doc = Document::new("a", "Truce holds\nKYIV, May 3 - All quiet.");
    doc.set_tokens(vec![Span::new(0, 5), Span::new(6, 11), Span::new(12, 16)]);
    doc
}

fn found(doc: &Document<'_>) -> Vec<String> {
    doc.open_layer("headline").map(|(span, value)| format!("{} {value}", doc.slice(span))).collect()
}

fn run(plugin: &Plugin) -> Vec<String> {
    let kind = &plugin.kinds[0];
    let mut pipeline = Pipeline::new();
    pipeline.push(kind, kind.build(&json!({"max_words": 5})).unwrap());
    let mut doc = article();
    pipeline.process(&mut doc).unwrap();
    found(&doc)
}

#[test]
fn the_example_plugin() {
    let plugin = load(&spec(headline()), 1).unwrap();
    assert_eq!((plugin.name.as_str(), plugin.version.as_str()), ("headline", env!("CARGO_PKG_VERSION")));
    let kind = &plugin.kinds[0];
    assert_eq!(kind.name, "headline");
    assert!(kind.options["properties"]["max_words"]["description"].is_string(), "options are documented");
    assert_eq!(
        run(&plugin),
        [r#"Truce holds {"kind":"headline","words":2}"#, r#"KYIV, May 3 {"kind":"dateline","place":"KYIV"}"#]
    );
    let error = kind.build(&json!({"max_words": 0})).err().unwrap();
    assert_eq!(
        format!("{error:?}"),
        r#"Option { key: Some("max_words"), message: "no headline has 0 words: write how many it can have at most, such as 18" }"#
    );
}

#[test]
fn eight_threads_and_two_loads() {
    let (first, second) = (load(&spec(headline()), 8).unwrap(), load(&spec(headline()), 8).unwrap());
    let expected = run(&first);
    std::thread::scope(|scope| {
        for plugin in [&first, &second] {
            let stage = plugin.kinds[0].build(&json!({})).unwrap();
            let (stage, expected) = (std::sync::Arc::new(stage), &expected);
            for _ in 0..4 {
                let stage = std::sync::Arc::clone(&stage);
                scope.spawn(move || {
                    for _ in 0..500 {
                        let mut doc = article();
                        stage.process(&mut doc).unwrap();
                        assert_eq!(&found(&doc), expected);
                    }
                });
            }
        }
    });
}

#[test]
fn two_libraries_are_two() {
    let misbehave = library::example("demarche-plugin", "misbehave");
    let names: Vec<String> = [headline(), &misbehave, headline()]
        .into_iter()
        .map(|path| load(&spec(path), 1).unwrap().name)
        .collect();
    assert_eq!(names, ["headline", "misbehave", "headline"]);
}

#[test]
fn a_panic_in_a_library_stays_in_it() {
    let plugin = load(&spec(&library::example("demarche-plugin", "misbehave")), 1).unwrap();
    let kind = plugin.kinds.iter().find(|kind| kind.name == "panic").unwrap();
    let stage = kind.build(&json!({})).unwrap();
    for _ in 0..100 {
        assert_eq!(stage.process(&mut document::full()).unwrap_err().code(), "panic");
    }
}

#[test]
fn a_prefix_stands_before_the_names() {
    let with = |prefix: &str| PluginSpec { prefix: Some(prefix.to_owned()), ..spec(headline()) };
    assert_eq!(load(&with("acme"), 1).unwrap().kinds[0].name, "acme.headline");
    let path = headline().canonicalize().unwrap();
    let message = format!(
        "the plugin `{}` has a stage `A b.…`: write small letters, digits, `_` and `-`",
        path.display()
    );
    check_error(&with("A b"), &message);
}

#[test]
fn a_path_without_an_extension_is_completed() {
    let plugin = load(&spec(&headline().with_file_name("headline")), 1).unwrap();
    assert_eq!(plugin.path, headline().canonicalize().unwrap());
    let missing = headline().with_file_name("no_such_plugin");
    let error = load(&spec(&missing), 1).unwrap_err().to_string();
    let name = format!("{}no_such_plugin{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    assert!(error.starts_with("cannot open the plugin `") && error.contains(&name), "{error}");
}

#[test]
fn pins() {
    let plugin = load(&spec(headline()), 1).unwrap();
    assert_eq!(hash(&spec(headline())).unwrap(), plugin.sha256);
    let pinned = |sha256: &str| PluginSpec { sha256: Some(sha256.to_owned()), ..spec(headline()) };
    assert!(load(&pinned(&plugin.sha256), 1).is_ok());
    assert!(load(&pinned(&plugin.sha256.to_uppercase()), 1).is_ok());
    let other = "0".repeat(64);
    check_error(
        &pinned(&other),
        &format!(
            "the plugin `{}` is not the file that was pinned: its SHA-256 is {}, the pin is {other}; pin it anew if the change is meant",
            plugin.path.display(),
            plugin.sha256
        ),
    );
    check_error(
        &pinned("abc"),
        "`abc` is no SHA-256: write the 64 hexadecimal digits that `sha256sum` prints",
    );
}

#[test]
fn the_hash_is_the_file_s() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abc.so");
    std::fs::write(&path, "abc").unwrap();
    // FIPS 180-4, example 1.
    let pin = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
    let error = load(&PluginSpec { sha256: Some(pin), ..spec(&path) }, 1).unwrap_err().to_string();
    assert!(
        error.starts_with("the system cannot load the plugin"),
        "the pin is right, the file no library: {error}"
    );
}

#[test]
fn files_that_are_no_plugins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    let missing = path.join("missing.so");
    let error = load(&spec(&missing), 1).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot open the plugin `{}`: ", missing.display())), "{error}");
    let subfolder = path.join("folder.so");
    std::fs::create_dir(&subfolder).unwrap();
    check_error(
        &spec(&subfolder),
        &format!("the plugin `{}` is not a regular file: name the library itself", subfolder.display()),
    );
}

#[test]
fn a_plugin_for_another_version() {
    let path = library::example("demarche-plugin", "other_version");
    check_error(
        &spec(&path),
        &format!(
            "`{}` is a plugin for another version: it exports `demarche_plugin_v2`; this host speaks with `demarche_plugin_v1`",
            path.canonicalize().unwrap().display()
        ),
    );
}

#[cfg(unix)]
#[test]
fn what_others_can_change_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("libheadline.so");
    std::fs::copy(headline(), &path).unwrap();
    let set = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    let strict = PluginSpec { allow_writable: false, ..spec(&path) };
    set(&path, 0o644);
    assert!(load(&strict, 1).is_ok());
    set(&path, 0o664);
    check_error(
        &strict,
        &format!(
            "other users can change `{}` (mode 664), and with it what this plugin does: `chmod go-w` it, or set `allow_writable = true`",
            path.display()
        ),
    );
    assert!(load(&PluginSpec { allow_writable: true, ..strict.clone() }, 1).is_ok());
    set(&path, 0o644);
    set(path.parent().unwrap(), 0o1777);
    let error = load(&strict, 1).unwrap_err().to_string();
    assert!(error.contains("(mode 1777)"), "{error}");
}
