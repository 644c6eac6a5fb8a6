//! A plugin whose stages do what a plugin should not, and some that do all that one can, for the tests of the host.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "a plugin of the tests, and a module of them"
)]

use std::ffi::c_void;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use demarche_plugin::abi::{self, Bytes, Call, Doc, Host, Kind, Status, status};
use demarche_plugin::schemars::{self, JsonSchema};
use demarche_plugin::serde::{self, Deserialize};
use demarche_plugin::serde_json::{self, json};
use demarche_plugin::{
    BuildError, Chain, Component, Dependencies, Document, Entity, Layer, Morphology, NONE, Quote, Sanction,
    Span, Stage, StageError, StringId, Upos, sdk,
};

/// The open layer that the stages write.
pub const LAYER: &str = "misbehave";

static HOST: OnceLock<&'static Host> = OnceLock::new();

/// # Safety
/// `host` points to a host's table that lives as long as the process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn demarche_plugin_v1(host: *const Host) -> *const abi::Plugin {
    static TABLE: sdk::Table = sdk::Table::new();
    HOST.get_or_init(|| unsafe { &*host });
    let about = sdk::About { name: "misbehave", version: "9.8.7", license: "", homepage: "" };
    let kinds = || {
        vec![
            sdk::kind::<Panics>("9.8.7"),
            sdk::kind::<Fails>("9.8.7"),
            sdk::kind::<EndsTheRun>("9.8.7"),
            sdk::kind::<WritesUndeclared>("9.8.7"),
            sdk::kind::<WritesPastTheText>("9.8.7"),
            sdk::kind::<LinksAnew>("9.8.7"),
            sdk::kind::<TokenizesAnew>("9.8.7"),
            sdk::kind::<WaitsForTheEnd>("9.8.7"),
            sdk::kind::<Obeys>("9.8.7"),
            sdk::kind::<Doubles>("9.8.7"),
            sdk::kind::<Tokenizes>("9.8.7"),
            sdk::kind::<Looks>("9.8.7"),
            sdk::kind::<Prints>("9.8.7"),
            sdk::kind::<Remembers>("9.8.7"),
            sdk::kind::<Hoards>("9.8.7"),
            sdk::kind::<Crashes>("9.8.7"),
            sdk::kind::<Hangs>("9.8.7"),
            raw::<Raw<0>>(ignores_refusals),
            raw::<Raw<1>>(fails_half_way),
            raw::<Raw<2>>(nests_deeply),
            raw::<Raw<3>>(floods),
            raw::<Raw<4>>(writes_no_utf8),
            raw::<Raw<5>>(points_at_nothing),
            raw::<Raw<6>>(draws_a_circle),
            Kind { flags: abi::SERIAL, ..raw::<Raw<7>>(runs_alone) },
            Kind { worker_new: None, worker_free: None, ..raw::<Raw<8>>(needs_no_worker) },
            raw::<Raw<9>>(answers_nonsense),
            raw::<Raw<10>>(never_looks),
        ]
    };
    unsafe { TABLE.open(host, &about, kinds) }
}

/// Options of all the stages.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(crate = "serde", deny_unknown_fields, default)]
#[schemars(crate = "schemars")]
pub struct Options {
    /// Whether the stage refuses to be built.
    refuse: bool,
}

macro_rules! stage {
    ($type:ident, $name:literal, reads [$($reads:expr),*], writes [$($writes:expr),*], |$doc:ident| $body:expr) => {
        pub struct $type;

        impl Component for $type {
            const NAME: &'static str = $name;
            const SUMMARY: &'static str = "Misbehaves";
            const READS: &'static [Layer] = &[$($reads),*];
            const WRITES: &'static [Layer] = &[$($writes),*];
            type Options = Options;

            fn build(options: Options) -> Result<Self, BuildError> {
                if options.refuse {
                    let message = "it was told to refuse".to_owned();
                    return Err(BuildError::Option { key: Some("refuse".to_owned()), message });
                }
                Ok(Self)
            }
        }

        impl Stage for $type {
            fn process(&self, $doc: &mut Document<'_>) -> Result<(), StageError> {
                $body
            }
        }
    };
}

stage!(Panics, "panic", reads [], writes [Layer::open(LAYER)], |doc| {
    doc.annotate(LAYER, Span::new(0, 0), &json!(1));
    panic!("no word of {} bytes", doc.text().len())
});

stage!(Fails, "fail", reads [], writes [Layer::open(LAYER)], |doc| {
    doc.annotate(LAYER, Span::new(0, 0), &json!(1));
    Err(StageError::Failed { message: "this text is not to my taste".to_owned() })
});

stage!(EndsTheRun, "fatal", reads [], writes [], |_doc| {
    Err(StageError::Fatal { message: "the disk is full".to_owned() })
});

stage!(WritesUndeclared, "undeclared", reads [], writes [Layer::open(LAYER)], |doc| {
    doc.annotate("secret", Span::new(0, 0), &json!(1));
    Ok(())
});

stage!(WritesPastTheText, "bad-span", reads [], writes [Layer::open(LAYER)], |doc| {
    let end = doc.text().len() as u32;
    doc.annotate(LAYER, Span::new(0, end), &json!(1));
    doc.annotate(LAYER, Span::new(0, end + 1), &json!(2));
    Ok(())
});

stage!(LinksAnew, "relink", reads [Layer::Entities, Layer::Chains], writes [Layer::Entities], |doc| {
    doc.link_entity(1, 0);
    Ok(())
});

stage!(TokenizesAnew, "retokenize", reads[Layer::Tokens], writes[Layer::Tokens], |doc| {
    doc.set_tokens(vec![Span::new(0, doc.text().len() as u32)]);
    Ok(())
});

stage!(WaitsForTheEnd, "slow", reads [], writes [], |doc| {
    while !doc.cancelled() {
        std::thread::sleep(Duration::from_millis(1));
    }
    Err(StageError::Cancelled)
});

// Does what no host can prevent a library from doing, if the text says so; counts the bytes of other texts.
stage!(Obeys, "obey", reads [], writes [Layer::open(LAYER)], |doc| {
    match doc.text() {
        "segfault" => unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) },
        "abort" => std::process::abort(),
        "exit" => std::process::exit(0),
        "overflow" => assert_ne!(overflow(1), 0),
        "loop" => loop {
            std::hint::spin_loop();
        },
        "alloc" => {
            let mut hoard = Vec::new();
            loop {
                hoard.push(std::hint::black_box(vec![0_u8; 64 << 20]));
            }
        }
        "abort later" => drop(std::thread::spawn(|| {
            std::thread::sleep(Duration::from_millis(20));
            std::process::abort();
        })),
        "print" => {
            print_a_lot(&mut std::io::stdout());
            print_a_lot(&mut std::io::stderr());
        }
        "read" => drop(std::io::read_to_string(std::io::stdin())),
        _ => {}
    }
    doc.annotate(LAYER, Span::new(0, 0), &json!(doc.text().len()));
    Ok(())
});

/// Needs more stack than there is.
fn overflow(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    if depth == 0 { 0 } else { overflow(depth + 1) + room[room.len() / 2] }
}

/// More than a pipe holds, and nothing that is UTF-8.
fn print_a_lot(out: &mut impl std::io::Write) {
    out.write_all(&vec![0xFF; 300 << 10]).unwrap();
    out.write_all(b"\nthe last line\n").unwrap();
    out.flush().unwrap();
}

stage!(Prints, "print", reads [], writes [Layer::open(LAYER)], |doc| {
    // `println!` would be caught by the test harness where this is linked statically.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), b"look at me\n");
    doc.annotate(LAYER, Span::new(0, 0), &json!(1));
    Ok(())
});

// Writes how many documents it has seen.
stage!(Remembers, "remember", reads [], writes [Layer::open(LAYER)], |doc| {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    doc.annotate(LAYER, Span::new(0, 0), &json!(SEEN.fetch_add(1, Ordering::SeqCst)));
    Ok(())
});

stage!(Hoards, "hoard", reads [], writes [Layer::open(LAYER)], |_doc| {
    std::mem::forget(std::hint::black_box(vec![1_u8; 1_000]));
    Ok(())
});

stage!(Crashes, "crash", reads [], writes [Layer::open(LAYER)], |_doc| std::process::abort());

stage!(Hangs, "slow-forever", reads [], writes [Layer::open(LAYER)], |_doc| {
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
});

// Adds all the records once more, and each item of the open layers.
stage!(
    Doubles,
    "double",
    reads [Layer::Entities, Layer::Chains, Layer::Quotes, Layer::Sanctions],
    writes [Layer::Entities, Layer::Chains, Layer::Quotes, Layer::Sanctions, Layer::open("headline"), Layer::open("é")],
    |doc| {
        let source = doc.clone();
        let n_chains = source.chains().len();
        source.chains().for_each(|chain| doc.add_chain(&Chain { name: Some("doubled"), ..chain }));
        for entity in source.entities() {
            // Half point at the chains that were there, half at those that come with this call.
            let chain = entity.chain.map(|chain| chain + n_chains);
            doc.add_entity(&Entity { label: "DOUBLED", chain, ..entity });
        }
        source.quotes().for_each(|quote| doc.add_quote(&Quote { ..quote }));
        source.sanctions().for_each(|event| doc.add_sanction(&Sanction { ..event }));
        for layer in source.open_layers() {
            for (span, value) in source.open_layer(layer) {
                doc.annotate(layer, span, &serde_json::from_str(value).unwrap());
            }
        }
        Ok(())
    }
);

// Writes whole columns: a token a word, a sentence, lemmas in capitals, a chain of heads.
stage!(
    Tokenizes,
    "words",
    reads [],
    writes [Layer::Tokens, Layer::Sentences, Layer::Morphology, Layer::Dependencies],
    |doc| {
        let text = doc.text().to_owned();
        let offset = |word: &str| (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
        let words: Vec<&str> = text.split_whitespace().collect();
        let tokens: Vec<Span> =
            words.iter().map(|word| Span::new(offset(word), offset(word) + word.len() as u32)).collect();
        let mut morphology = Morphology::default();
        let mut dependencies = Dependencies::default();
        for (i, word) in words.iter().enumerate() {
            morphology.upos.to_mut().push(Upos::ALL[i % Upos::ALL.len()]);
            morphology.xpos.to_mut().push(StringId::NONE);
            morphology.lemma.to_mut().push(doc.intern(&word.to_uppercase()));
            dependencies.head.to_mut().push(i.checked_sub(1).map_or(NONE, |head| head as u32));
            dependencies.deprel.to_mut().push(doc.intern("dep"));
        }
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            doc.set_sentences(vec![first.cover(*last)]);
        }
        doc.set_tokens(tokens);
        doc.set_morphology(morphology);
        doc.set_dependencies(dependencies);
        Ok(())
    }
);

// Writes down what it sees, and where it lies in memory.
stage!(Looks, "look", reads [], writes [Layer::open("seen"), Layer::open("addresses")], |doc| {
    let json = demarche_plugin::format::to_vec(doc, demarche_plugin::Offsets::Byte);
    let addresses = addresses(doc);
    doc.annotate("seen", Span::new(0, 0), &serde_json::from_slice(&json).unwrap());
    doc.annotate("addresses", Span::new(0, 0), &json!(addresses));
    Ok(())
});

/// Where the text and some columns of a document lie in memory.
pub fn addresses(doc: &Document<'_>) -> Vec<usize> {
    let (offsets, strings) = doc.strings().columns();
    let mut addresses = vec![
        doc.text().as_ptr() as usize,
        doc.tokens().as_ptr() as usize,
        doc.sentences().as_ptr() as usize,
        offsets.as_ptr() as usize,
        strings.as_ptr() as usize,
    ];
    addresses.extend(doc.morphology().map(|layer| layer.upos.as_ptr() as usize));
    addresses.extend(doc.dependencies().map(|layer| layer.head.as_ptr() as usize));
    addresses.extend(doc.entity_columns().map(|layer| layer.label.as_ptr() as usize));
    addresses.extend(doc.chain_columns().map(|layer| layer.mentions.items.as_ptr() as usize));
    addresses.extend(doc.quote_columns().map(|layer| layer.content.offsets.as_ptr() as usize));
    addresses.extend(doc.sanction_columns().map(|layer| layer.measures.as_ptr() as usize));
    addresses.extend(doc.open_columns("headline").map(|layer| layer.span.as_ptr() as usize));
    addresses
}

/// A kind that is written against the bare boundary: the SDK's, with another `process`.
pub struct Raw<const N: usize>;

const RAW_NAMES: [&str; 11] = [
    "ignore",
    "half",
    "deep",
    "flood",
    "not-utf8",
    "dangling",
    "circle",
    "serial",
    "no-worker",
    "nonsense",
    "careless",
];

impl<const N: usize> Component for Raw<N> {
    const NAME: &'static str = RAW_NAMES[N];
    const SUMMARY: &'static str = "Misbehaves without the SDK";
    const READS: &'static [Layer] = &[];
    const WRITES: &'static [Layer] =
        &[Layer::open(LAYER), Layer::Entities, Layer::Tokens, Layer::Dependencies, Layer::Morphology];
    type Options = Options;

    fn build(_: Options) -> Result<Self, BuildError> {
        Ok(Self)
    }
}

impl<const N: usize> Stage for Raw<N> {
    fn process(&self, _: &mut Document<'_>) -> Result<(), StageError> {
        unreachable!("the kind's `process` is another one")
    }
}

type Process = unsafe extern "C" fn(*mut c_void, *mut c_void, *mut Doc, *mut Call) -> Status;

fn raw<C: Component>(process: Process) -> Kind {
    Kind { process: Some(process), ..sdk::kind::<C>("9.8.7") }
}

fn annotate(doc: *mut Doc, start: u32, end: u32, json: &str) -> Status {
    let annotate = HOST.get().unwrap().annotate.unwrap();
    unsafe { annotate(doc, Bytes::of(LAYER), Span::new(start, end), Bytes::of(json)) }
}

fn put<T>(doc: *mut Doc, column: u32, items: &[T]) -> Status {
    let view = abi::View::of(items);
    unsafe { HOST.get().unwrap().put.unwrap()(doc, column, &raw const view) }
}

unsafe extern "C" fn ignores_refusals(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    assert_eq!(annotate(doc, 0, 0, "1"), status::OK);
    assert_eq!(annotate(doc, 1, 0, "1"), status::SPAN);
    assert_eq!(annotate(doc, 0, 0, "{"), status::JSON);
    assert_eq!(put(doc, 4_000, &[0_u32]), status::UNKNOWN);
    status::OK
}

unsafe extern "C" fn fails_half_way(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    assert_eq!(annotate(doc, 0, 1, "1"), status::OK);
    status::FAILED
}

unsafe extern "C" fn nests_deeply(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(annotate(doc, 0, 1, &nested(64)), status::OK);
    if annotate(doc, 0, 1, &nested(65)) == status::JSON { status::FAILED } else { status::OK }
}

unsafe extern "C" fn floods(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    let long = format!("\"{}\"", "x".repeat(1 << 20));
    let answers: Vec<Status> = (0..20).map(|_| annotate(doc, 0, 1, &long)).collect();
    assert_eq!((answers[14], answers[15]), (status::OK, status::LIMIT));
    status::FAILED
}

unsafe extern "C" fn writes_no_utf8(
    _: *mut c_void,
    _: *mut c_void,
    doc: *mut Doc,
    call: *mut Call,
) -> Status {
    let host = HOST.get().unwrap();
    let bytes = Bytes { ptr: b"\"\xFF\"".as_ptr(), len: 3 };
    unsafe {
        host.fail.unwrap()(call, bytes);
        assert_eq!(host.annotate.unwrap()(doc, Bytes::of(LAYER), Span::new(0, 0), bytes), status::UTF8);
    }
    status::FAILED
}

unsafe extern "C" fn points_at_nothing(
    _: *mut c_void,
    _: *mut c_void,
    doc: *mut Doc,
    _: *mut Call,
) -> Status {
    let record = HOST.get().unwrap().record.unwrap();
    let entity = r#"{"span": [0, 1], "label": "GPE", "chain": 4000}"#;
    assert_eq!(unsafe { record(doc, Bytes::of("entities"), Bytes::of(entity)) }, status::OK);
    status::OK
}

unsafe extern "C" fn draws_a_circle(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    assert_eq!(put(doc, abi::column::TOKEN_SPAN, &[Span::new(0, 1), Span::new(1, 2)]), status::OK);
    assert_eq!(put(doc, abi::column::TOKEN_HEAD, &[1_u32, 0]), status::OK);
    status::OK
}

/// Fails if another thread is in it, whatever instance it has.
unsafe extern "C" fn runs_alone(_: *mut c_void, _: *mut c_void, _: *mut Doc, _: *mut Call) -> Status {
    static INSIDE: AtomicU32 = AtomicU32::new(0);
    let alone = INSIDE.fetch_add(1, Ordering::SeqCst) == 0;
    // Long enough that others would come in between, if they could.
    (0..100).for_each(|_| std::thread::yield_now());
    INSIDE.fetch_sub(1, Ordering::SeqCst);
    if alone { status::OK } else { status::FAILED }
}

unsafe extern "C" fn needs_no_worker(
    _: *mut c_void,
    worker: *mut c_void,
    _: *mut Doc,
    _: *mut Call,
) -> Status {
    if worker.is_null() { status::OK } else { status::FAILED }
}

unsafe extern "C" fn answers_nonsense(_: *mut c_void, _: *mut c_void, _: *mut Doc, _: *mut Call) -> Status {
    -77
}

/// Writes what is sound, and does not look whether it was taken.
unsafe extern "C" fn never_looks(_: *mut c_void, _: *mut c_void, doc: *mut Doc, _: *mut Call) -> Status {
    annotate(doc, 0, 0, "1");
    annotate(doc, 0, 0, "2");
    status::OK
}
