//! The figures, as the table that is printed and the list that is written.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// All that was measured, in order.
#[derive(Default)]
pub(crate) struct Figures(Vec<Figure>);

struct Figure {
    name: String,
    unit: &'static str,
    value: f64,
    /// The most it may be.
    target: Option<f64>,
}

impl Figure {
    fn holds(&self) -> Option<bool> {
        self.target.map(|target| self.value <= target)
    }
}

impl Figures {
    /// A value that others are compared with.
    pub(crate) fn value(&mut self, name: &str, unit: &'static str, value: f64) {
        self.0.push(Figure {
            name: name.to_owned(),
            unit,
            value,
            target: None,
        });
    }

    /// A value that is to stay within `target`.
    pub(crate) fn within(&mut self, name: &str, unit: &'static str, value: f64, target: f64) {
        self.0.push(Figure {
            name: name.to_owned(),
            unit,
            value,
            target: Some(target),
        });
    }

    /// One line a figure, under a heading.
    pub(crate) fn table(&self) -> String {
        let mut table = format!(
            "\n{:<90} {:>9} {:>9}  {:<6} holds\n",
            "figure", "value", "target", "unit"
        );
        for figure in &self.0 {
            let holds = match figure.holds() {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "-",
            };
            let target = figure
                .target
                .map_or_else(|| "-".to_owned(), |target| format!("{target:.2}"));
            let (name, value, unit) = (&figure.name, figure.value, figure.unit);
            let _ = writeln!(table, "{name:<90} {value:>9.2} {target:>9}  {unit:<6} {holds}");
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
                    "figure": figure.name, "value": (figure.value * 100.0).round() / 100.0, "unit": figure.unit,
                    "target": figure.target, "holds": figure.holds(),
                })
            })
            .collect();
        format!("{:#}\n", Value::from(list))
    }
}
