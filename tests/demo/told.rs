//! The play's table: which step, what was done, which window showed it, and how soon. And its pictures.

#![allow(clippy::print_stdout, reason = "the play is printed for whoever watches")]

use crate::sight::{self, Sight};
use crate::support::left_behind;
use crate::support::window::Window;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// See the module.
pub(crate) struct Told {
    pictures: PathBuf,
    taken: usize,
}

impl Told {
    /// Prints the table's head.
    pub(crate) fn begin() -> Self {
        println!();
        println!(
            "Two desks on one clinic server. Milliseconds run from the act (the click's return) to the window's page"
        );
        println!("showing it; they include WebDriver's own round trip and a look every 3 ms.");
        println!();
        println!(
            "{:<4} | {:<64} | {:<22} | {:>7}",
            "step", "what was done", "which window showed it", "ms"
        );
        println!("{:-<4}-|-{:-<64}-|-{:-<22}-|-{:->7}", "", "", "", "");
        Self {
            pictures: left_behind("demo"),
            taken: 0,
        }
    }

    /// One line.
    pub(crate) fn line(&self, step: &str, done: &str, window: &str, took: Duration) {
        let ms = took.as_millis();
        println!("{step:<4} | {done:<64} | {window:<22} | {ms:>7}");
    }

    /// Waits until every sight is there, then a line for each.
    pub(crate) async fn seen(&self, step: &str, done: &str, act: Instant, sights: Vec<Sight>) {
        self.lines(step, done, act, &sights, true).await;
    }

    /// Waits until no sight is there any more, then a line for each.
    pub(crate) async fn gone(&self, step: &str, done: &str, act: Instant, sights: Vec<Sight>) {
        self.lines(step, done, act, &sights, false).await;
    }

    async fn lines(&self, step: &str, done: &str, act: Instant, sights: &[Sight], there: bool) {
        let found = sight::all(sights, there, act).await;
        for (sight, took) in sights.iter().zip(found) {
            self.line(step, done, &format!("desk 1, {}", sight.window.page()), took);
        }
    }

    /// A picture of each window, in `target/demo/NAME-DESK-WINDOW.png`.
    pub(crate) async fn pictures(&mut self, name: &str, windows: [(&str, &Window); 4]) {
        for (desk, window) in windows {
            let name = format!("{name}-{desk}-{}", window.page());
            // The play goes on without the picture.
            let Some(taken) = window.screenshot(&name).await else {
                println!("     | no picture of {name}: the window does not paint");
                return;
            };
            let kept = self.pictures.join(format!("{name}.png"));
            std::fs::rename(taken, kept).expect("both folders lie in target/");
            self.taken += 1;
        }
    }

    /// Says where the pictures are.
    pub(crate) fn end(self) {
        println!();
        println!("{} pictures in {}", self.taken, self.pictures.display());
    }
}
