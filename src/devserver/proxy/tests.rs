//! The proxy between two sockets: a client that speaks HTTP by hand, and sites that answer by hand.

mod framing;
mod handover;
mod pages;
mod requests;
mod streams;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};

use super::upstream::Upstream;
use super::*;
use crate::devserver::browser::Pages;

/// Takes connections as a site would, each handled by `talk`; the count of connections so far.
async fn site<F, T>(talk: F) -> (SocketAddr, Arc<AtomicUsize>)
where
    F: Fn(TcpStream) -> T + Send + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(talk(stream));
        }
    });
    (address, count)
}

/// A site that answers every request on a connection with `name` and the request's head.
async fn echo(name: &'static str) -> SocketAddr {
    let talk = move |mut stream: TcpStream| async move {
        while let Some(head) = head(&mut stream).await {
            let body = format!("{name}\n{head}");
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    };
    site(talk).await.0
}

/// A site that says `early` to every request, and answers it with `late` once that is allowed.
async fn patient(early: &'static str, late: &'static str) -> (SocketAddr, watch::Sender<bool>) {
    let (allow, allowed) = watch::channel(false);
    let talk = move |mut stream: TcpStream| {
        let mut allowed = allowed.clone();
        async move {
            while head(&mut stream).await.is_some() {
                send(&mut stream, early).await;
                allowed.wait_for(|allowed| *allowed).await.expect("a word");
                send(&mut stream, late).await;
            }
        }
    };
    (site(talk).await.0, allow)
}

/// Reads up to the empty line; `None` at the end of the connection.
async fn head(stream: &mut TcpStream) -> Option<String> {
    until(stream, "\r\n\r\n").await
}

/// Reads until what was read ends with `end`.
async fn until(stream: &mut TcpStream, end: &str) -> Option<String> {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let mut byte = [0];
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        read.push(byte[0]);
    }
    String::from_utf8(read).ok()
}

/// A proxy before nothing yet.
async fn proxy() -> (SocketAddr, Switch) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let switch = Switch::default();
    let (migrate_requests, mut requests) = mpsc::unbounded_channel::<MigrateRequest>();
    tokio::spawn(async move {
        while let Some(request) = requests.recv().await {
            request.send(Ok("Applied".into())).expect("heard");
        }
    });
    let shared = Shared {
        switch: switch.clone(),
        pages: Pages::default(),
        reload: true,
        token: "t0ken".into(),
        hosts: RwLock::new(vec!["site.test".into()]),
        migrate_requests,
    };
    tokio::spawn(run(listener, Arc::new(shared)));
    (address, switch)
}

/// A proxy before one site.
async fn before(site: SocketAddr) -> (SocketAddr, Switch, Arc<Upstream>) {
    let (address, switch) = proxy().await;
    let upstream = Upstream::new(1, site);
    switch.set(Destination::To(Arc::clone(&upstream)));
    (address, switch, upstream)
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

async fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("sent");
}

/// Sends `request` on a connection of its own; all that comes back until it is closed.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address).await;
    send(&mut stream, request).await;
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

const GET: &str = "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
