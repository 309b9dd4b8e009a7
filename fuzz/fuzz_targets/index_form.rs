#![no_main]

#[path = "../laws"]
mod laws {
    pub mod index_form;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::index_form::holds(input));
