#![no_main]

#[path = "../laws"]
mod laws {
    #[allow(dead_code)]
    pub mod choices;
    pub mod patch_mutation;
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| laws::patch_mutation::holds(input));
