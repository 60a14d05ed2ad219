//! What a crash may say and leave: where it happened. What was in hand may be a client's name.

/// From now on a panic says its place only, on standard error and in the log, and the system writes no core file: that would
/// be this process's whole memory, keys included. Web views started later inherit it.
pub fn keep_crashes_quiet() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // Lowering one's own limit is always allowed.
        let _ = setrlimit(Resource::Core, none);
    }
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, thread, "a panic");
        // The one other place that speaks to a terminal: the log may not be open yet.
        #[allow(clippy::print_stderr, reason = "the program's own output")]
        {
            eprintln!("deskbell: a panic at {place}, in the thread {thread}");
        }
    }));
}
