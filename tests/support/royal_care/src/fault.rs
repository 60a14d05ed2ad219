//! Trouble on order: an answer that never comes, with the work done or not.

use std::time::Duration;

/// What happens to a request instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done, and nothing answered until the client gives up.
    Swallowed,
    /// The work is done, and nothing is answered until the client gives up.
    DoneInSilence,
    /// The work is done, and the connection ends without an answer.
    DoneThenCut,
    /// Nothing is done; the service's error page.
    ServerError,
    /// Answered after a while.
    Late(Duration),
}

/// A fault that waits for its requests.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) method: String,
    pub(crate) path_has: String,
    pub(crate) fault: Fault,
    pub(crate) times: u32,
}

/// The fault that waits for this request, used up by it.
pub(crate) fn due(planned: &mut Vec<Planned>, method: &str, path: &str) -> Option<Fault> {
    let place = planned
        .iter()
        .position(|plan| plan.method == method && path.contains(&plan.path_has))?;
    let plan = &mut planned[place];
    let fault = plan.fault;
    plan.times = plan.times.saturating_sub(1);
    if plan.times == 0 {
        planned.remove(place);
    }
    Some(fault)
}
