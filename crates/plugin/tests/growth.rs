//! Memory after many instances. A test of its own, so that nothing else runs in the process.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(all(target_os = "linux", feature = "host"))]

#[path = "support/document.rs"]
mod document;
#[path = "support/library.rs"]
mod library;

use demarche_plugin::serde_json::json;
use demarche_plugin::{PluginSpec, load};

/// Resident memory of this process in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn ten_thousand_instances_leave_nothing_behind() {
    let path = library::example("demarche-plugin", "misbehave");
    let plugin = load(&PluginSpec { path, allow_writable: true, ..PluginSpec::default() }, 1).unwrap();
    let full = document::full();
    let round = |times: usize| {
        for name in ["double", "panic", "bad-span", "half"] {
            let kind = plugin.kinds.iter().find(|kind| kind.name == name).unwrap();
            for _ in 0..times {
                let stage = kind.build(&json!({})).unwrap();
                let _ = stage.process(&mut full.clone());
            }
        }
    };
    round(500);
    let before = resident();
    round(2_500);
    let grown = resident().saturating_sub(before);
    // The least allocation takes 32 bytes: lost once an instance, they are 312 KiB.
    assert!(grown < 256, "grown by {grown} KiB in 10,000 instances");
}
