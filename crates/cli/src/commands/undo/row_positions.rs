//! The positions of the rows of several runs in the file that the first run read.

use crate::patch_file::MergeRun;

/// The positions of rows in the first file.
pub struct Places {
    // The origin of each run's file.
    origins: Vec<RowOrigin>,
    // For each run the positions of its retired rows, in order, as the numbers of remaining rows before them.
    left_before: Vec<Vec<usize>>,
}

#[derive(Clone, Copy)]
enum RowOrigin {
    /// The first file.
    First,
    /// The file that this run wrote.
    Written(usize),
    /// The file that this run read, after an undo of its merges.
    Read(usize),
}

impl Places {
    /// Returns the positions for `runs`, the first run first. A run whose file no earlier run has read or written read an edited file
    /// of the run before it.
    pub fn new(runs: &[MergeRun]) -> Self {
        let origin = |(place, run): (usize, &MergeRun)| {
            let earlier = runs.get(..place).unwrap_or_default();
            let written = earlier.iter().rposition(|other| other.written == run.read).map(RowOrigin::Written);
            let read = || earlier.iter().rposition(|other| other.read == run.read).map(RowOrigin::Read);
            written.or_else(read).unwrap_or_else(|| place.checked_sub(1).map_or(RowOrigin::First, RowOrigin::Written))
        };
        let left_before = |run: &MergeRun| {
            let retired = run.merges.iter().flat_map(|merged| &merged.retired);
            let mut places: Vec<usize> = retired.map(|row| row.place).collect();
            places.sort_unstable();
            places.into_iter().zip(0..).map(|(place, before)| place - before).collect()
        };
        Self {
            origins: runs.iter().enumerate().map(|(place, run)| origin((place, run))).collect(),
            left_before: runs.iter().map(left_before).collect(),
        }
    }

    /// Returns the position in the first file of the row at `place` in the file of a run. O(log n) for each run.
    pub fn in_first(&self, mut run: usize, mut place: usize) -> usize {
        loop {
            match self.origins.get(run) {
                Some(RowOrigin::Written(earlier)) => {
                    let left = self.left_before.get(*earlier).map_or(&[][..], Vec::as_slice);
                    place += left.partition_point(|before| *before <= place);
                    run = *earlier;
                }
                Some(RowOrigin::Read(earlier)) => run = *earlier,
                Some(RowOrigin::First) | None => return place,
            }
        }
    }
}

/// Returns the position of a row without the rows at the sorted positions in `gone`.
pub fn without(gone: &[usize], place: usize) -> usize {
    place - gone.partition_point(|other| *other < place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_before_all_runs() {
        // Rows 1 and 2 went first, then row 1 of what was left, which had been row 3.
        let places = Places {
            origins: vec![RowOrigin::First, RowOrigin::Written(0), RowOrigin::Written(1), RowOrigin::Read(1)],
            left_before: vec![vec![1, 1], vec![1], Vec::new(), Vec::new()],
        };
        assert_eq!([0, 1, 2].map(|place| places.in_first(0, place)), [0, 1, 2]);
        assert_eq!([0, 1, 2].map(|place| places.in_first(1, place)), [0, 3, 4]);
        assert_eq!([0, 1, 2].map(|place| places.in_first(2, place)), [0, 4, 5]);
        assert_eq!([0, 1, 2].map(|place| places.in_first(3, place)), [0, 3, 4]);
        assert_eq!([0, 3, 4].map(|place| without(&[1, 2, 3], place)), [0, 1, 1]);
    }
}
