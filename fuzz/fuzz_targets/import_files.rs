#![no_main]

#[path = "../laws"]
mod laws {
    pub mod import_files;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::import_files::holds(input));
