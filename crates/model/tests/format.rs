//! A model comes back as it was written, and nothing else does.

use demarche_model::{Kind, OpenError, Weights, Writer};
use proptest::prelude::*;

const KIND: Kind = Kind { name: "test", version: 3 };

fn small_model() -> Vec<u8> {
    let mut writer = Writer::new(KIND);
    writer.floats("matrix", &[1.0, -2.5]);
    writer.u32s("sizes", &[2, 1]);
    writer.u64s("hashes", &[u64::MAX, 7]);
    writer.bytes("rows", &[-127, 0, 127]);
    writer.lines("names", ["NN", "VB"]);
    writer.finish()
}

fn open(bytes: &[u8]) -> Result<Weights, OpenError> {
    Weights::open(Vec::leak(bytes.to_vec()), KIND)
}

#[test]
fn sections_come_back() {
    let weights = open(&small_model()).unwrap();
    assert_eq!(weights.floats("matrix", 2).unwrap(), [1.0, -2.5]);
    assert_eq!(weights.u32s("sizes").unwrap(), [2, 1]);
    assert_eq!(weights.u64s("hashes").unwrap(), [u64::MAX, 7]);
    assert_eq!(*weights.bytes("rows").unwrap(), [-127, 0, 127]);
    assert_eq!(weights.lines("names").unwrap(), ["NN", "VB"]);
}

/// The layout is a promise: a file of this version can be read by every program that reads the version.
#[test]
fn the_layout_is_the_documented_one() {
    let mut writer = Writer::new(KIND);
    writer.u32s("one", &[1]);
    let bytes = writer.finish();
    assert_eq!(&bytes[..16], b"demarche\x01\0\0\0\x01\0\0\0");
    assert_eq!(&bytes[16..32], b"test\0\0\0\0\x03\0\0\0\0\0\0\0");
    assert_eq!(&bytes[40..56], b"one\0\0\0\0\0\0\0\0\0\0\0\0\0");
    assert_eq!(&bytes[56..72], b"\x50\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0");
    assert_eq!(&bytes[72..], b"\0\0\0\0\0\0\0\0\x01\0\0\0");
}

#[test]
fn r_every_flipped_byte_is_noticed() {
    let model = small_model();
    for at in 0..model.len() {
        let mut damaged = model.clone();
        damaged[at] ^= 0x20;
        assert!(open(&damaged).is_err(), "byte {at}");
    }
}

#[test]
fn r_every_cut_is_noticed() {
    let model = small_model();
    for len in 0..model.len() {
        assert!(open(&model[..len]).is_err(), "{len} bytes");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let model = small_model();
    let message =
        |bytes: &[u8], kind| Weights::open(Vec::leak(bytes.to_vec()), kind).unwrap_err().to_string();
    assert_eq!(message(b"PK", KIND), "not a model of demarche: it starts with other bytes");
    assert_eq!(message(&model[..20], KIND), "the model is cut off: 20 bytes are too few");
    let mut newer = model.clone();
    newer[8] = 9;
    assert_eq!(message(&newer, KIND), "the model's container has version 9, this program reads version 1");
    let other = Kind { name: "other", version: 1 };
    assert_eq!(message(&model, other), "the model is `test`, version 3; wanted is `other`, version 1");
    let weights = open(&model).unwrap();
    assert_eq!(weights.u32s("none").unwrap_err().to_string(), "the model has no section `none`");
    assert_eq!(
        weights.floats("matrix", 3).unwrap_err().to_string(),
        "section `matrix` of the model does not fit: it holds 2 numbers where 3 are wanted"
    );
}

proptest! {
    #[test]
    fn strange_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = open(&[b"demarche\x01\0\0\0".to_vec(), bytes].concat());
    }
}
