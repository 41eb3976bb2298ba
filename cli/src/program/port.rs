use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

use crate::failure::Failure;

/// The first port that is tried, and how many after it; the same as a program that looks for one itself.
const FIRST: u16 = 9000;
const PORTS: u16 = 100;

/// The port that was asked for, if it is free, or one that is.
pub(super) fn free(asked: Option<u16>) -> Result<SocketAddr, Failure> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    if let Some(port) = asked {
        return bind(port).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                Failure::new(format!("port {port} is in use; stop what listens there, or take another with `--port`"))
            }
            _ => Failure::new(format!("cannot listen on port {port}: {error}; take another with `--port`")),
        });
    }
    let ports = FIRST..FIRST.saturating_add(PORTS);
    let free = ports.clone().find_map(|port| bind(port).ok());
    free.ok_or_else(|| {
        Failure::new(format!("none of the ports {} to {} is free; say another with `--port`", ports.start, ports.end - 1))
    })
}
