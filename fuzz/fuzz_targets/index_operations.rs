#![no_main]

#[path = "../../tests/support/naive/mod.rs"]
#[allow(dead_code)]
mod naive;
#[path = "../laws"]
mod laws {
    #[allow(dead_code)]
    pub mod choices;
    pub mod index_operations;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::index_operations::holds(input));
