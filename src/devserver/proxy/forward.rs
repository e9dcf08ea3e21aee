//! One request to the site and its answer back.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::body::{Body, Download, Resumed, Upload};
use super::inject::{self, Place};
use super::{MOST_HEADERS, Shared, endpoints, headers, page};
use crate::devserver::upstream::{Lease, Upstream};

/// How long a connection that carried a request may take to be ready for the next.
const READY_AFTER: Duration = Duration::from_millis(50);

/// A client's connection and the one to the site that goes with it.
#[derive(Debug)]
pub(super) struct Connection {
    client: IpAddr,
    /// The number of the generation that the line goes to, and the line.
    line: Mutex<Option<(u32, SendRequest<Upload>)>>,
}

impl Connection {
    pub(super) fn new(client: IpAddr) -> Self {
        Self {
            client,
            line: Mutex::new(None),
        }
    }

    /// A line to the generation: the one of the last request, or a new one.
    async fn line(
        &self,
        upstream: &std::sync::Arc<Upstream>,
    ) -> std::io::Result<SendRequest<Upload>> {
        let last = self
            .line
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((number, mut line)) = last
            && number == upstream.number
            && matches!(
                tokio::time::timeout(READY_AFTER, line.ready()).await,
                Ok(Ok(()))
            )
        {
            return Ok(line);
        }
        let stream = TcpStream::connect(upstream.address).await?;
        stream.set_nodelay(true)?;
        let (line, driver) = http1::Builder::new()
            .preserve_header_case(true)
            .max_headers(MOST_HEADERS)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(std::io::Error::other)?;
        // What goes wrong with it is told to whoever waits for an answer.
        tokio::spawn(driver.with_upgrades());
        Ok(line)
    }

    fn keep(&self, number: u32, line: SendRequest<Upload>) {
        *self.line.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, line));
    }
}

/// Answers a request: with what the site says, or with what is wrong with it.
pub(super) async fn answer(
    connection: &Connection,
    shared: &Shared,
    request: Request<Incoming>,
) -> Response<Body> {
    if request.method() == Method::CONNECT {
        return page::plain(
            StatusCode::NOT_IMPLEMENTED,
            "this is no proxy for other sites",
        );
    }
    let head = request.headers();
    if request.uri().path().starts_with(endpoints::PREFIX) {
        return endpoints::answer(shared, request.method(), request.uri(), head).await;
    }
    let wants_page = page::is_wanted(head);
    let reloads =
        shared.reload && shared.is_our_host(head) && inject::is_navigation(request.method(), head);
    let client_waits = head
        .get(header::EXPECT)
        .is_some_and(|expect| expect.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    let mut request = request.map(Upload::new);
    let upgrades = headers::prepare_request(&mut request, connection.client);
    let their_side = upgrades.then(|| hyper::upgrade::on(&mut request));
    if client_waits {
        wait_for_continue(&mut request);
    }
    if reloads {
        inject::ask_plainly(request.headers_mut());
    }
    let mut answer = match send(connection, shared, request).await {
        Ok((lease, answer, script)) => {
            let answer = give_back(answer, lease, their_side);
            return if reloads {
                with_script(answer, shared, &script).await
            } else {
                answer
            };
        }
        Err(why) => why.page(wants_page),
    };
    if reloads {
        answer = with_script(answer, shared, &Script::now(shared)).await;
    }
    answer
}

/// Why there is no answer from the site.
enum Failure {
    /// There is no site.
    Down(std::sync::Arc<str>),
    /// It took the request and said nothing, or not all.
    Silent(hyper::Error),
    /// It takes no connections.
    Unreachable(std::io::Error),
}

impl Failure {
    fn page(self, wants_page: bool) -> Response<Body> {
        match self {
            Self::Down(why) => page::problem(StatusCode::SERVICE_UNAVAILABLE, &why, wants_page),
            Self::Silent(error) => page::problem(
                StatusCode::BAD_GATEWAY,
                &format!("the site ended the connection without a complete answer: {error}"),
                wants_page,
            ),
            Self::Unreachable(error) => page::problem(
                StatusCode::BAD_GATEWAY,
                &format!("the site takes no connections: {error}"),
                wants_page,
            ),
        }
    }
}

async fn send(
    connection: &Connection,
    shared: &Shared,
    mut request: Request<Upload>,
) -> Result<(Lease, Response<Incoming>, Script), Failure> {
    let switch = &shared.switch;
    let mut refused = 0;
    loop {
        // Read first: a page may be newer than it says, and loads once too often; never older.
        let script = Script::now(shared);
        let lease = switch.lease().await.map_err(Failure::Down)?;
        let number = lease.upstream().number;
        let mut line = match connection.line(lease.upstream()).await {
            Ok(line) => line,
            Err(error) if refused == 3 => return Err(Failure::Unreachable(error)),
            Err(_) => {
                // It died, and the news is on its way. Nothing was sent: the next generation may have it.
                refused += 1;
                drop(lease);
                switch.moved_on(number).await;
                continue;
            }
        };
        match line.try_send_request(request).await {
            Ok(answer) => {
                connection.keep(number, line);
                return Ok((lease, answer, script));
            }
            Err(mut error) => match error.take_message() {
                // The line closed before a byte of it was written.
                Some(unsent) => request = unsent,
                None => return Err(Failure::Silent(error.into_error())),
            },
        }
    }
}

/// Lets the client send its body when the site asks for it, and not before.
fn wait_for_continue(request: &mut Request<Upload>) {
    let (open, opened) = oneshot::channel();
    request.body_mut().hold_back(opened);
    let open = Mutex::new(Some(open));
    hyper::ext::on_informational(request, move |answer| {
        if answer.status() == StatusCode::CONTINUE
            && let Some(open) = open.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            // Nobody waits any more when the client has gone.
            let _ = open.send(());
        }
    });
}

/// What a page is told of how new it is.
struct Script {
    version: u64,
    styles: u64,
}

impl Script {
    fn now(shared: &Shared) -> Self {
        let page = shared.pages.now();
        Self {
            version: page.version,
            styles: page.styles,
        }
    }

    /// Runs before anything that the page itself says, so that a policy in the page comes too late to stop it.
    fn tag(&self, token: &str) -> String {
        let Self { version, styles } = self;
        format!(
            "<script src=\"{}client.js\" nonce=\"{token}\" data-token=\"{token}\" \
             data-version=\"{version}\" data-styles=\"{styles}\"></script>",
            endpoints::PREFIX
        )
    }
}

/// Puts our script into a page, at the first place that will do; any other answer stays as it is.
///
/// What comes before that place is waited for, the rest flows.
async fn with_script(answer: Response<Body>, shared: &Shared, script: &Script) -> Response<Body> {
    if !inject::is_page(answer.status(), answer.headers()) {
        return answer;
    }
    let (mut head, mut page) = answer.into_parts();
    let mut start = Vec::new();
    let mut then = None;
    let place = loop {
        match page.frame().await.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) => {
                start.extend_from_slice(&data);
                match inject::place(&start) {
                    Place::At(place) => break Some(place),
                    Place::Nowhere => break None,
                    Place::Later => {}
                }
            }
            Some(Ok(Err(trailers))) => {
                then = Some(trailers);
                break Some(start.len());
            }
            // Nothing of it was passed on yet: there is still time to say what happened.
            Some(Err(error)) => {
                (head, page) = Failure::Silent(error).page(true).into_parts();
                start.clear();
            }
            None => break Some(start.len()),
        }
    };
    if let Some(place) = place {
        let tag = script.tag(&shared.token);
        inject::make_room(&mut head.headers, tag.len(), &shared.token);
        start.splice(place..place, tag.into_bytes());
    }
    Response::from_parts(head, Resumed::new(start, then, page).boxed())
}

fn give_back(
    mut answer: Response<Incoming>,
    lease: Lease,
    their_side: Option<hyper::upgrade::OnUpgrade>,
) -> Response<Body> {
    let status = answer.status();
    headers::prepare_answer(status, answer.headers_mut());
    if status == StatusCode::SWITCHING_PROTOCOLS
        && let Some(their_side) = their_side
    {
        let our_side = hyper::upgrade::on(&mut answer);
        tokio::spawn(tunnel(their_side, our_side));
    }
    let endless = is_event_stream(answer.headers());
    answer.map(|body| {
        if endless {
            Download::endless(body, &lease).boxed()
        } else {
            Download::new(body, lease).boxed()
        }
    })
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

/// Carries bytes both ways until both sides have ended. A generation that ends closes its side.
async fn tunnel(client: hyper::upgrade::OnUpgrade, site: hyper::upgrade::OnUpgrade) {
    if let (Ok(client), Ok(site)) = tokio::join!(client, site) {
        // A side that breaks off is how such connections end.
        let _ =
            tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(site)).await;
    }
}
