//! Parts of a result that are made on all threads and written in their order.

use rayon::prelude::*;

use crate::failure::Failure;

/// Makes a result of each part and passes the results to `write` in order. A window of results is written while the next window is
/// made, so at most two windows are held.
///
/// # Errors
/// The first error of `make` or `write`.
pub fn write_in_order<P: Sync, T: Send>(
    parts: &[P],
    window: usize,
    make: impl Fn(&P) -> Result<T, Failure> + Sync,
    mut write: impl FnMut(T) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let mut made: Vec<T> = Vec::new();
    for parts in parts.chunks(window.max(1)) {
        let (written, next) = rayon::join(
            || made.into_iter().try_for_each(&mut write),
            || parts.par_iter().map(&make).collect::<Result<Vec<T>, Failure>>(),
        );
        written?;
        made = next?;
    }
    made.into_iter().try_for_each(write)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_written_in_order_up_to_the_first_error() {
        let parts: Vec<usize> = (0..100).collect();
        for window in [0, 1, 7, 100, 1_000] {
            let mut written = Vec::new();
            let write = |part| {
                written.push(part);
                Ok(())
            };
            assert!(write_in_order(&parts, window, |part| Ok(part * 2), write).is_ok());
            assert_eq!(written, parts.iter().map(|part| part * 2).collect::<Vec<_>>());
        }
        let fails = |part: &usize| if *part == 50 { Err(Failure::OutputClosed) } else { Ok(*part) };
        let mut written = Vec::new();
        let write = |part| {
            written.push(part);
            Ok(())
        };
        assert!(write_in_order(&parts, 10, fails, write).is_err());
        // The window before the fault is written while the fault is found.
        assert_eq!(written, parts[..50]);
    }
}
