//! Side by side: bookings of one row that overlap get lanes, so that none hides another.

/// A lane, and how many lanes its overlapping group needs.
pub(crate) type Lane = (u32, u32);

/// Lanes for stretches sorted by start. Stretches of different lanes of a group may overlap, those of one never do.
pub(crate) fn lanes(stretches: &[(i32, i32)]) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = vec![(0, 1); stretches.len()];
    let mut ends: Vec<i32> = Vec::new();
    let mut group_start = 0;
    let mut group_end = i32::MIN;
    for (index, (from, to)) in stretches.iter().copied().enumerate() {
        if from >= group_end {
            close_group(&mut lanes[group_start..index], ends.len());
            ends.clear();
            group_start = index;
        }
        let lane = ends.iter().position(|end| *end <= from).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(to);
        } else {
            ends[lane] = to;
        }
        lanes[index].0 = u32::try_from(lane).unwrap_or(u32::MAX);
        group_end = group_end.max(to);
    }
    close_group(&mut lanes[group_start..], ends.len());
    lanes
}

fn close_group(group: &mut [Lane], lanes: usize) {
    let lanes = u32::try_from(lanes.max(1)).unwrap_or(u32::MAX);
    for lane in group {
        lane.1 = lanes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bookings_that_only_touch_share_one_lane() {
        assert_eq!(lanes(&[(0, 60), (60, 120)]), [(0, 1), (0, 1)]);
        assert_eq!(lanes(&[(0, 60), (30, 90), (90, 120)]), [(0, 2), (1, 2), (0, 1)]);
    }

    proptest! {
        #[test]
        fn no_two_of_one_lane_overlap(mut raw in prop::collection::vec((0_i32..1440, 1_i32..180), 0..40)) {
            raw.sort_unstable();
            let stretches: Vec<_> = raw.iter().map(|(from, length)| (*from, from + length)).collect();
            let lanes = lanes(&stretches);
            for (i, a) in stretches.iter().enumerate() {
                prop_assert!(lanes[i].0 < lanes[i].1, "a lane lies within its group's lanes");
                for (j, b) in stretches.iter().enumerate().skip(i + 1) {
                    let overlap = a.0 < b.1 && b.0 < a.1;
                    prop_assert!(!overlap || lanes[i].0 != lanes[j].0, "{a:?} and {b:?} share a lane");
                }
            }
        }
    }
}
