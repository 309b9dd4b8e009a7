//! Where the rows of several runs stood: all in the file that the first run read.

use crate::patch_file::MergeRun;

/// The places of rows in the file that came first.
pub struct Places {
    // For each run where its file came from.
    origins: Vec<RowOrigin>,
    // For each run the places of the rows that it took out, in order, each less the number of those before it:
    // the number of rows that are left before it.
    left_before: Vec<Vec<usize>>,
}

#[derive(Clone, Copy)]
enum RowOrigin {
    /// It is the first one.
    First,
    /// It is what this run wrote.
    Written(usize),
    /// It is what this run read, whose merges had been taken back.
    Read(usize),
}

impl Places {
    /// The places of the rows of `runs`, the first run first. A run whose file is none that an earlier one has
    /// read or written began with what the run before it wrote, and somebody edited.
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

    /// Where a row that stood at `place` in the file of a run stood in the first file. O(log n) for each run.
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

/// Where a row stands once the rows at the places in `gone`, which is in order, are not there.
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
