//! A proxy in front of a real server that does to connections what networks do: refuses them, leaves them half open, lets
//! answers drip, and cuts the line just after the server has done what was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the proxy does. It holds for connections that are open already, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Closes every connection at once.
    Refuse,
    /// Takes whatever comes and never answers: the other side looks alive.
    HalfOpen,
    /// Lets so many bytes of an answer through, waits this long, and so on.
    Drip(usize, Duration),
    /// So many times: passes a write on, waits until the server answers it (so it is done), and resets the connection in
    /// place of the answer.
    ResetAfterCommit(u32),
}

/// See the module.
pub(crate) struct FaultProxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    accepting: JoinHandle<()>,
}

struct State {
    fault: Fault,
    resets: u32,
}

impl FaultProxy {
    /// In front of the server at this address, faultless at first.
    pub(crate) async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(Mutex::new(State {
            fault: Fault::None,
            resets: 0,
        }));
        let shared = state.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, server, shared.clone()));
            }
        });
        Self {
            address,
            state,
            accepting,
        }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Does this from now on.
    pub(crate) fn set(&self, fault: Fault) {
        lock(&self.state).fault = fault;
    }

    /// How many connections it has reset after the server had answered a write.
    pub(crate) fn resets(&self) -> u32 {
        lock(&self.state).resets
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("nothing panics holding it")
}

/// Whether bytes begin a request that changes something. A client writes a request's head in one piece.
fn is_write(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PUT ") || bytes.starts_with(b"DELETE /v1/a") || bytes.starts_with(b"POST /v1/appointments")
}

async fn connect(mut client: TcpStream, server: SocketAddr, state: Arc<Mutex<State>>) {
    if lock(&state).fault == Fault::Refuse {
        return;
    }
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    let (mut asked, mut answer) = (vec![0; 16_384], vec![0; 16_384]);
    let mut writing = false;
    loop {
        // Looked at often, since a fault also befalls connections on which nothing comes.
        let look = tokio::time::sleep(Duration::from_millis(20));
        let fault = lock(&state).fault;
        tokio::select! {
            () = look => {
                if fault == Fault::Refuse {
                    return;
                }
            }
            read = client.read(&mut asked) => {
                let Ok(1..) = read else { return };
                let bytes = &asked[..read.unwrap_or_default()];
                writing |= is_write(bytes);
                match fault {
                    Fault::Refuse => return,
                    Fault::HalfOpen => {}
                    _ => if server.write_all(bytes).await.is_err() { return },
                }
            }
            read = server.read(&mut answer), if fault != Fault::HalfOpen => {
                let Ok(1..) = read else { return };
                let bytes = &answer[..read.unwrap_or_default()];
                if std::mem::take(&mut writing) && cuts(&state) {
                    // A reset, not an orderly end: whatever was on the way is gone.
                    drop(client.set_zero_linger());
                    return;
                }
                if !pass(&mut client, bytes, fault).await {
                    return;
                }
            }
        }
    }
}

/// Whether this answer is to be cut off; counts it.
fn cuts(state: &Mutex<State>) -> bool {
    let mut state = lock(state);
    let Fault::ResetAfterCommit(left) = state.fault else {
        return false;
    };
    state.resets += 1;
    state.fault = match left {
        0 | 1 => Fault::None,
        left => Fault::ResetAfterCommit(left - 1),
    };
    true
}

async fn pass(client: &mut TcpStream, bytes: &[u8], fault: Fault) -> bool {
    let Fault::Drip(size, wait) = fault else {
        return client.write_all(bytes).await.is_ok();
    };
    for drop in bytes.chunks(size) {
        if client.write_all(drop).await.is_err() {
            return false;
        }
        tokio::time::sleep(wait).await;
    }
    true
}
