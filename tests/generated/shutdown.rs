//! A site that is told to stop finishes what was begun.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::common::running::signal;
use crate::project::Site;

/// Sends half a request, tells the site to stop once it reads the body, and sends the other half.
pub(crate) fn finishes_what_was_begun(site: Site) {
    let address = site.client.base.trim_start_matches("http://").to_owned();
    let body = r#"{"title": "Last", "author": "A", "publication_date": "2000-01-01", "isbn": "last", "summary": "S"}"#;
    let (first, second) = body.split_at(20);
    let mut stream = TcpStream::connect(&address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    let head = format!(
        "POST /api/books HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("writable");
    let mut reads_the_body = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream
        .read_exact(&mut reads_the_body)
        .expect("an interim answer");
    assert!(reads_the_body.starts_with(b"HTTP/1.1 100 "));
    stream.write_all(first.as_bytes()).expect("writable");
    assert!(signal("-TERM", site.running.id()));
    // Nobody new is let in.
    site.running
        .until("it closes its door", |_| TcpStream::connect(&address).err());
    stream.write_all(second.as_bytes()).expect("writable");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(site.running.ended().success());
}
