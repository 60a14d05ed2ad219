//! The figures, as the table that is printed and the list that is written.

use crate::times::Times;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// All that was measured, in order.
#[derive(Default)]
pub(crate) struct Figures(Vec<Figure>);

struct Figure {
    name: &'static str,
    unit: &'static str,
    /// What the target is about.
    value: f64,
    median: Option<f64>,
    p95: Option<f64>,
    n: usize,
    target: Option<f64>,
    holds: Option<bool>,
}

impl Figures {
    /// A time that is only what others are compared with: its 95th percentile.
    pub(crate) fn floor(&mut self, name: &'static str, times: &Times) {
        self.times(name, times, times.p95(), None);
    }

    /// A time whose 95th percentile is to stay within `target` milliseconds.
    pub(crate) fn p95_within(&mut self, name: &'static str, times: &Times, target: f64) {
        self.times(name, times, times.p95(), Some(target));
    }

    /// A time whose median is to stay within `target` milliseconds; none where it is what others are compared with.
    pub(crate) fn median(&mut self, name: &'static str, times: &Times, target: Option<f64>) {
        self.times(name, times, times.median(), target);
    }

    fn times(&mut self, name: &'static str, times: &Times, value: f64, target: Option<f64>) {
        self.0.push(Figure {
            name,
            unit: "ms",
            value,
            median: Some(times.median()),
            p95: Some(times.p95()),
            n: times.n(),
            target,
            holds: target.map(|target| value <= target),
        });
    }

    /// One value of which there is no distribution. Without a target nothing is said of whether it holds.
    pub(crate) fn value(&mut self, name: &'static str, unit: &'static str, value: f64, judged: Option<(f64, bool)>) {
        self.0.push(Figure {
            name,
            unit,
            value,
            median: None,
            p95: None,
            n: 1,
            target: judged.map(|(target, _)| target),
            holds: judged.map(|(_, holds)| holds),
        });
    }

    /// A value of several seeds: the median is judged, and the greatest is shown beside it.
    pub(crate) fn seeds(&mut self, name: &'static str, unit: &'static str, values: &[f64], target: Option<f64>) {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (lowest, median, highest) = (sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
        self.0.push(Figure {
            name,
            unit,
            value: median,
            median: Some(lowest),
            p95: Some(highest),
            n: values.len(),
            target,
            holds: target.map(|target| median <= target),
        });
    }

    /// One line a figure, under a heading.
    pub(crate) fn table(&self) -> String {
        let mut table = format!(
            "\n{:<74} {:>9} {:>9} {:>4} {:>9} {:>9}  {:<8} holds\n",
            "figure", "median", "p95", "n", "value", "target", "unit"
        );
        for figure in &self.0 {
            let holds = match figure.holds {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "-",
            };
            let _ = writeln!(
                table,
                "{:<74} {:>9} {:>9} {:>4} {:>9.2} {:>9}  {:<8} {holds}",
                figure.name,
                shown(figure.median),
                shown(figure.p95),
                figure.n,
                figure.value,
                shown(figure.target),
                figure.unit
            );
        }
        table
    }

    /// The list that is kept: what has no target has null for it and for whether it holds.
    pub(crate) fn json(&self) -> String {
        let list: Vec<Value> = self
            .0
            .iter()
            .map(|figure| {
                json!({
                    "figure": figure.name, "value": hundredths(figure.value), "unit": figure.unit,
                    "target": figure.target.map(hundredths), "holds": figure.holds,
                })
            })
            .collect();
        format!("{:#}\n", Value::from(list))
    }
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
