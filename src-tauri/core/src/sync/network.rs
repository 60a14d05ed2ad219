//! Which way out this computer has, so that a cable that is plugged in or another wireless network is noticed without
//! waiting for the next attempt.
//!
//! The address that the system would send from is a fair sign of the network one is in. To learn it no packet is sent and
//! no right is needed: a datagram socket that is told its destination has its route looked up, and no more. It is looked at
//! every few seconds, on every system alike; the systems' own notices are each another library and another way to fail.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Addresses that are set aside for documentation: only the route to them is looked up, which is the way out.
const ANYWHERE: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)), 9),
];

/// The addresses that this computer would send from; none of both means no network at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// By the old Internet protocol.
    pub v4: Option<IpAddr>,
    /// By the new one.
    pub v6: Option<IpAddr>,
}

impl Route {
    /// Whether there is any way out.
    pub const fn is_out(&self) -> bool {
        self.v4.is_some() || self.v6.is_some()
    }
}

/// Where the way out is learnt from.
pub trait Network: Send + Sync + 'static {
    /// The way out now. Called every few seconds, and must not wait for anything.
    fn route(&self) -> Route;
}

/// This computer's own network.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn route(&self) -> Route {
        let [v4, v6] = ANYWHERE.map(from);
        Route { v4, v6 }
    }
}

fn from(destination: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = if destination.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(destination).ok()?;
    Some(socket.local_addr().ok()?.ip())
}
