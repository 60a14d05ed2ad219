//! The laws of sets, and every tick by itself.

use crate::floor::{any_spans, everything, ticks};
use deskbell_clinic::Span;
use deskbell_clinic::rules::spans::{at_least, cover, intersect, subtract, union};
use proptest::prelude::*;

fn has(spans: &[Span], tick: Span) -> bool {
    spans.iter().any(|span| span.covers(tick))
}

fn in_order_and_apart(spans: &[Span]) -> bool {
    spans.windows(2).all(|pair| pair[0].end() < pair[1].start())
}

proptest! {
    #[test]
    fn every_tick_is_in_an_answer_exactly_when_the_set_says_so(a in any_spans(), b in any_spans(), depth in 1..4_usize) {
        let (both, either, only_a) = (intersect(&a, &b), union(&[a.clone(), b.clone()].concat()), subtract(&a, &b));
        let deep = at_least(&a, depth);
        for tick in ticks(everything()) {
            prop_assert_eq!(has(&either, tick), has(&a, tick) || has(&b, tick));
            prop_assert_eq!(has(&both, tick), has(&a, tick) && has(&b, tick));
            prop_assert_eq!(has(&only_a, tick), has(&a, tick) && !has(&b, tick));
            prop_assert_eq!(has(&deep, tick), a.iter().filter(|span| span.covers(tick)).count() >= depth);
        }
        for answer in [&both, &either, &only_a, &deep] {
            prop_assert!(in_order_and_apart(answer), "{answer:?}");
        }
    }

    #[test]
    fn the_laws_of_sets_hold(a in any_spans(), b in any_spans(), c in any_spans()) {
        let ab = [a.clone(), b.clone()].concat();
        prop_assert_eq!(intersect(&a, &b), intersect(&b, &a));
        prop_assert_eq!(union(&union(&a)), union(&a));
        prop_assert_eq!(subtract(&a, &[]), union(&a));
        prop_assert_eq!(subtract(&a, &a), vec![]);
        prop_assert_eq!(union(&[subtract(&a, &b), intersect(&a, &b)].concat()), union(&a));
        prop_assert_eq!(subtract(&c, &ab), subtract(&subtract(&c, &a), &b));
        prop_assert_eq!(subtract(&ab, &c), union(&[subtract(&a, &c), subtract(&b, &c)].concat()));
        for span in &c {
            prop_assert_eq!(cover(&a, *span), subtract(&[*span], &a).is_empty());
        }
    }
}
