//! Assigns the values of a list to the cells of a row.

/// The largest number of pairs of a value and a cell that is searched for the best assignment.
const MAX_SEARCHED: usize = 100_000;

/// The cost of putting a value into the cell of the value before it.
pub(crate) const SHARING: i32 = 3;

/// The cost of leaving a value out, which is more than that of any cell.
pub(crate) const LEFT_OUT: i32 = 1_000;

/// How many values a cell may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// One value: the cell is not split when it is read.
    One,
    /// Several values.
    Many,
}

/// Returns the cell of each value, or `None` for a value without room.
///
/// The cells of the values ascend. Among such assignments the result maximises the sum of `liking(value, cell)`, minus
/// [`SHARING`] for each value in the cell of the one before it and [`LEFT_OUT`] for each value without a cell; the first of equally
/// good ones wins. O(values * cells).
pub(crate) fn assign(values: usize, cells: &[Room], liking: impl Fn(usize, usize) -> i32) -> Vec<Option<usize>> {
    if cells.is_empty() {
        return vec![None; values];
    }
    if values.saturating_mul(cells.len()) > MAX_SEARCHED {
        let last = cells.iter().rposition(|room| *room == Room::Many);
        return (0..values).map(|value| if value < cells.len() { Some(value) } else { last }).collect();
    }
    // A state is the cell of the last value that has one; in the first state no value has one. `steps` has, for each value and
    // state, the state before it and whether the value went into the cell.
    let mut steps: Vec<Vec<(usize, bool)>> = Vec::with_capacity(values);
    let mut scores: Vec<Option<i32>> = vec![None; cells.len() + 1];
    scores[0] = Some(0);
    for value in 0..values {
        let mut best_left: Option<(i32, usize)> = None;
        let mut step = Vec::with_capacity(scores.len());
        let mut next = Vec::with_capacity(scores.len());
        for (state, score) in scores.iter().enumerate() {
            let left_out = score.map(|score| (score - LEFT_OUT, (state, false)));
            let room = state.checked_sub(1).and_then(|cell| cells.get(cell)).copied();
            let placed = room.and_then(|room| {
                let shared = score.filter(|_| room == Room::Many).map(|score| (score - SHARING, state));
                let from = match (best_left, shared) {
                    (Some(left), Some(shared)) => Some(if left.0 >= shared.0 { left } else { shared }),
                    (left, shared) => left.or(shared),
                };
                from.map(|(score, from)| (score + liking(value, state - 1), (from, true)))
            });
            // Of equals the later value is left out.
            let best = match (left_out, placed) {
                (Some(out), Some(placed)) => Some(if out.0 >= placed.0 { out } else { placed }),
                (out, placed) => out.or(placed),
            };
            next.push(best.map(|(score, _)| score));
            step.push(best.map_or((state, false), |(_, step)| step));
            if let Some(score) = score.filter(|score| best_left.is_none_or(|(best, _)| *score > best)) {
                best_left = Some((score, state));
            }
        }
        scores = next;
        steps.push(step);
    }
    let best = scores.iter().flatten().copied().max();
    let mut state = scores.iter().position(|score| *score == best).unwrap_or_default();
    let mut places = vec![None; values];
    for (place, step) in places.iter_mut().zip(&steps).rev() {
        let (from, is_placed) = step.get(state).copied().unwrap_or_default();
        *place = state.checked_sub(1).filter(|_| is_placed);
        state = from;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assign_all(values: usize, cells: usize, liking: impl Fn(usize, usize) -> i32) -> Vec<usize> {
        assign(values, &vec![Room::Many; cells], liking).into_iter().map(|cell| cell.expect("there is room")).collect()
    }

    #[test]
    fn values_stand_alone_in_order_and_share_only_where_there_is_no_room() {
        let none = |_, _| 0;
        assert_eq!(assign_all(0, 2, none), [0; 0]);
        assert_eq!(assign(2, &[], none), [None, None]);
        assert_eq!(assign_all(2, 3, none), [0, 1]);
        assert_eq!(assign_all(3, 2, none).len(), 3);
        assert_eq!(assign_all(3, 1, none), [0, 0, 0]);
    }

    #[test]
    fn values_stay_where_they_like_it() {
        // The second one stood in the last cell of another row.
        let liking = |value, cell| match (value, cell) {
            (0, 0) => 8,
            (1, 2) => 2,
            _ => 0,
        };
        assert_eq!(assign_all(2, 3, liking), [0, 2]);
        // Two that stood in one cell stay there.
        assert_eq!(assign_all(2, 3, |_, cell| if cell == 1 { 8 } else { 0 }), [1, 1]);
    }

    #[test]
    fn the_last_values_are_left_out_where_cells_hold_one() {
        use Room::{Many, One};
        assert_eq!(assign(3, &[One, One], |_, _| 0), [Some(0), Some(1), None]);
        assert_eq!(assign(3, &[One, Many], |_, _| 0), [Some(0), Some(1), Some(1)]);
        assert_eq!(assign(3, &[Many, One], |_, _| 0), [Some(0), Some(0), Some(1)]);
        // One that stays goes before an earlier one that would come.
        assert_eq!(assign(2, &[One], |value, _| if value == 1 { 8 } else { 0 }), [None, Some(0)]);
    }

    #[test]
    fn a_great_many_values_cost_no_more_than_a_pass() {
        assert_eq!(assign_all(50_000, 3, |_, _| 0).get(..4), Some([0, 1, 2, 2].as_slice()));
        let places = assign(50_000, &[Room::One; 3], |_, _| 0);
        assert_eq!(places.get(2..4), Some([Some(2), None].as_slice()));
    }
}
