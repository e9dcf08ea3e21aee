//! Large bodies on their way through.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::site::*;

const SIZE: usize = 100_000_000;
/// Answers with as much as it is sent, but not before the file `go` is there.
const MIRROR: &str = r#"use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let listener = TcpListener::bind(std::env::var("ADDRESS").expect("an address")).expect("a free address");
    for stream in listener.incoming() {
        std::thread::spawn(move || mirror(stream.expect("a connection")));
    }
}

fn mirror(mut stream: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).unwrap_or_default() == 0 {
            return;
        }
        head.push(byte[0]);
    }
    while !std::fs::exists("go").expect("a folder") {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let head = String::from_utf8(head).expect("text").to_ascii_lowercase();
    let (_, length) = head.split_once("content-length: ").expect("a length");
    let length: usize = length.lines().next().expect("a line").parse().expect("a number");
    let (mut left, mut part) = (length, vec![0; 1 << 16]);
    while left > 0 {
        left -= stream.read(&mut part).expect("the rest");
    }
    write!(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").expect("sent");
    let mut left = length;
    while left > 0 {
        let part = &part[..left.min(part.len())];
        write!(stream, "{:x}\r\n", part.len()).expect("sent");
        stream.write_all(part).expect("sent");
        stream.write_all(b"\r\n").expect("sent");
        left -= part.len();
    }
    stream.write_all(b"0\r\n\r\n").expect("sent");
}
"#;

#[test]
fn large_bodies_pass_in_little_memory() {
    let sandbox = sandbox();
    sandbox.write("src/main.rs", MIRROR);
    let (server, address) = start(&sandbox);
    // The most memory of its own that the server has had, in kilobytes.
    let most = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()));
        let status = status.expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.expect("a peak").trim().trim_end_matches(" kB");
        peak.parse::<usize>().expect("a number")
    };
    let before = most();
    let mut stream = TcpStream::connect(&address).expect("a connection");
    write!(stream, "PUT / HTTP/1.0\r\nContent-Length: {SIZE}\r\n\r\n").expect("sent");
    // A site that does not read holds up who sends.
    stream.set_nonblocking(true).expect("a socket");
    let part = vec![b'x'; 1 << 16];
    let (mut sent, mut held_up) = (0, 0);
    while held_up < 20 {
        match stream.write(&part[..part.len().min(SIZE - sent)]) {
            Ok(count) => (sent, held_up) = (sent + count, 0),
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
                held_up += 1;
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
    assert!(sent < SIZE / 2, "{sent} bytes went nowhere");
    sandbox.write("go", "");
    stream.set_nonblocking(false).expect("a socket");
    while sent < SIZE {
        sent += stream
            .write(&part[..part.len().min(SIZE - sent)])
            .expect("sent");
    }
    // And a client that does not read holds up the site.
    std::thread::sleep(Duration::from_millis(300));
    let mut received = Vec::with_capacity(SIZE + 1024);
    stream.read_to_end(&mut received).expect("an answer");
    let head = received.windows(4).position(|window| window == b"\r\n\r\n");
    assert_eq!(received.len() - head.expect("a head") - 4, SIZE);
    let grown = most() - before;
    assert!(grown < 20_000, "{grown} kB more");
}
