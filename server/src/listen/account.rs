//! Under which account the program at the other end of a connection runs, as far as the system tells.

use std::net::SocketAddr;

/// Whether the other end of a connection within this machine is a program of the account that this one runs
/// under. A proxy that runs under its own is none, even where it adds no header.
#[cfg(target_os = "linux")]
pub(super) fn is_of_this_account(local: SocketAddr, peer: SocketAddr) -> bool {
    let (local, peer) = (canonical(local), canonical(peer));
    let account = nix::unistd::geteuid().as_raw();
    let tables = [procfs::net::tcp(), procfs::net::tcp6()];
    let mut sockets = tables.into_iter().filter_map(Result::ok).flatten();
    let other_end = sockets.find(|socket| {
        canonical(socket.local_address) == peer && canonical(socket.remote_address) == local
    });
    // A socket that its program has closed belongs to nobody any more, and is shown as if to the root account.
    other_end.is_some_and(|socket| socket.uid == account && socket.inode != 0)
}

/// Other systems do not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_of_this_account(_: SocketAddr, _: SocketAddr) -> bool {
    true
}

#[cfg(target_os = "linux")]
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    #[cfg_attr(not(target_os = "linux"), ignore = "other systems do not tell")]
    fn a_connection_of_ours_is_known_until_its_other_end_is_closed() {
        for listening in ["127.0.0.1:0", "[::1]:0"] {
            let listener = TcpListener::bind(listening).unwrap();
            let address = listener.local_addr().unwrap();
            let other = TcpStream::connect(address).unwrap();
            let (stream, peer) = listener.accept().unwrap();
            let local = stream.local_addr().unwrap();
            assert!(is_of_this_account(local, peer));
            let elsewhere = SocketAddr::new(peer.ip(), 1);
            assert!(!is_of_this_account(local, elsewhere));
            drop(other);
            assert!(!is_of_this_account(local, peer));
        }
    }
}
