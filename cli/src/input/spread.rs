//! From a list of values to the cells that they go into.

/// The largest table of values by cells that is searched for the best places.
const MAX_SEARCHED: usize = 100_000;

/// What it costs to put a value into the cell of the one before it.
const SHARING: i32 = 3;

/// For each of `values` values the cell it goes into, such that the order stays: no value is in a cell before
/// that of an earlier one. `liking` says how well a value stands in a cell, and values stand best alone: to
/// share costs 3. Of equally good places the first ones count. O(values * cells).
pub(super) fn spread(values: usize, cells: usize, liking: impl Fn(usize, usize) -> i32) -> Vec<usize> {
    if cells == 0 {
        return Vec::new();
    }
    if values.saturating_mul(cells) > MAX_SEARCHED {
        return (0..values).map(|value| value.min(cells - 1)).collect();
    }
    // For each value and cell, the cell of the value before it, if this one is to stand as well as it can.
    let mut before: Vec<Vec<usize>> = Vec::with_capacity(values);
    let mut scores: Vec<i32> = Vec::new();
    for value in 0..values {
        let mut best_left: Option<(i32, usize)> = None;
        let mut from = Vec::with_capacity(cells);
        let mut next = Vec::with_capacity(cells);
        for cell in 0..cells {
            let shared = scores.get(cell).map(|score| (score - SHARING, cell));
            let (score, place) = match (best_left, shared) {
                (Some(left), Some(shared)) if left.0 >= shared.0 => left,
                (_, Some(shared)) => shared,
                _ => (0, 0),
            };
            next.push(score + liking(value, cell));
            from.push(place);
            if let Some(score) = scores.get(cell).filter(|score| best_left.is_none_or(|(best, _)| **score > best)) {
                best_left = Some((*score, cell));
            }
        }
        scores = next;
        before.push(from);
    }
    let best = scores.iter().copied().max();
    let mut cell = scores.iter().position(|score| Some(*score) == best).unwrap_or_default();
    let mut places = vec![0; values];
    for (place, from) in places.iter_mut().zip(&before).rev() {
        *place = cell;
        cell = from.get(cell).copied().unwrap_or_default();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_alone_in_order_and_share_only_where_there_is_no_room() {
        let none = |_, _| 0;
        assert_eq!(spread(0, 2, none), [0; 0]);
        assert_eq!(spread(2, 0, none), [0; 0]);
        assert_eq!(spread(2, 3, none), [0, 1]);
        assert_eq!(spread(3, 2, none).len(), 3);
        assert_eq!(spread(3, 1, none), [0, 0, 0]);
    }

    #[test]
    fn values_stay_where_they_like_it() {
        // The second one stood in the last cell of another row.
        let liking = |value, cell| match (value, cell) {
            (0, 0) => 8,
            (1, 2) => 2,
            _ => 0,
        };
        assert_eq!(spread(2, 3, liking), [0, 2]);
        // Two that stood in one cell stay there.
        assert_eq!(spread(2, 3, |_, cell| if cell == 1 { 8 } else { 0 }), [1, 1]);
    }

    #[test]
    fn a_great_many_values_cost_no_more_than_a_pass() {
        let places = spread(50_000, 3, |_, _| 0);
        assert_eq!(places.get(..4), Some([0, 1, 2, 2].as_slice()));
    }
}
