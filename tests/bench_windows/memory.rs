//! What a program and all the programs that it started hold in memory.

use std::collections::HashMap;
use std::fs;

/// The proportional set size of a process and of everything below it, in MiB: what is shared is divided among those who
/// share it, so that WebKit's libraries are not counted once a window.
///
/// # Panics
/// When the process itself cannot be read.
pub(crate) fn of_tree(root: u32) -> f64 {
    let parents = parents();
    let below = |process: u32| {
        let mut current = Some(process);
        while let Some(one) = current {
            if one == root {
                return true;
            }
            current = parents.get(&one).copied();
        }
        false
    };
    let kib: u64 = parents.keys().copied().filter(|one| below(*one)).filter_map(pss).sum();
    assert!(pss(root).is_some(), "the application's memory can be read");
    f64::from(u32::try_from(kib).expect("less than 4 TiB")) / 1024.0
}

/// Every process's parent.
fn parents() -> HashMap<u32, u32> {
    let processes = fs::read_dir("/proc").expect("this is Linux").flatten();
    processes
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name before it is in parentheses and may hold anything, spaces too.
            let (_, after_name) = stat.rsplit_once(')')?;
            let parent = after_name.split_whitespace().nth(1)?.parse().ok()?;
            Some((process, parent))
        })
        .collect()
}

/// A process's proportional set size in KiB; none once it has ended.
fn pss(process: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}
