#![no_main]

#[path = "../parsers.rs"]
#[allow(dead_code, reason = "each target reads one kind of bytes")]
mod parsers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(parsers::link(bytes)));
