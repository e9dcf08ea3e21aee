//! Forwards one request to the site and its response to the client.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::body::{Body, Download, Resumed, Upload};
use super::early_hints::EarlyHints;
use super::inject::{self, Insertion};
use super::shared::{MOST_HEADERS, Shared};
use super::site_stream::SiteStream;
use super::{endpoints, headers, page};
use crate::devserver::proxy::upstream::{Lease, Upstream};

/// How long a kept connection may take to be ready for the next request.
const READY_AFTER: Duration = Duration::from_millis(50);

/// A client's connection, and the connection to the site that belongs to it.
#[derive(Debug)]
pub(super) struct Connection {
    client: IpAddr,
    /// The connection to the site, and the number of its generation.
    sender: Mutex<Option<(u32, SendRequest<Upload>)>>,
    hints: EarlyHints,
}

impl Connection {
    pub(super) fn new(client: IpAddr, hints: EarlyHints) -> Self {
        Self {
            client,
            hints,
            sender: Mutex::new(None),
        }
    }

    /// A connection to the generation: that of the last request, or a new one.
    async fn sender(
        &self,
        upstream: &std::sync::Arc<Upstream>,
    ) -> std::io::Result<SendRequest<Upload>> {
        let last = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((number, mut sender)) = last
            && number == upstream.number
            && matches!(
                tokio::time::timeout(READY_AFTER, sender.ready()).await,
                Ok(Ok(()))
            )
        {
            return Ok(sender);
        }
        let stream = TcpStream::connect(upstream.address).await?;
        stream.set_nodelay(true)?;
        let (sender, driver) = http1::Builder::new()
            .preserve_header_case(true)
            .max_headers(MOST_HEADERS)
            .handshake(SiteStream::new(TokioIo::new(stream)))
            .await
            .map_err(std::io::Error::other)?;
        // Its errors are returned to whoever waits for a response.
        tokio::spawn(driver.with_upgrades());
        Ok(sender)
    }

    fn keep(&self, number: u32, sender: SendRequest<Upload>) {
        *self.sender.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, sender));
    }
}

/// Answers a request with the site's response, or with the reason why there is none.
pub(super) async fn answer(
    connection: &Connection,
    shared: &Shared,
    request: Request<Incoming>,
) -> Response<Body> {
    if request.method() == Method::CONNECT {
        return page::plain(
            StatusCode::NOT_IMPLEMENTED,
            "the development server is not a proxy for other sites",
        );
    }
    let head = request.headers();
    if let Err(reason) = headers::check_host(request.version(), head) {
        return page::plain(StatusCode::BAD_REQUEST, reason);
    }
    if request.uri().path().starts_with(endpoints::PREFIX) {
        return endpoints::answer(shared, request.method(), request.uri(), head).await;
    }
    let wants_page = page::is_wanted(head);
    let reloads =
        shared.reload && shared.is_our_host(head) && inject::is_navigation(request.method(), head);
    let client_waits = head
        .get(header::EXPECT)
        .is_some_and(|expect| expect.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    let request_version = request.version();
    let mut request = request.map(Upload::new);
    let upgrades = headers::prepare_request(&mut request, connection.client);
    let client_side = upgrades.then(|| hyper::upgrade::on(&mut request));
    let hints = (request_version >= Version::HTTP_11).then(|| connection.hints.clone());
    pass_on_informational(&mut request, client_waits, hints);
    if reloads {
        inject::request_full_page(request.headers_mut());
    }
    let sent = send(connection, shared, request).await;
    connection.hints.end();
    let mut answer = match sent {
        Ok((lease, answer, script)) => {
            let answer = to_client(answer, lease, client_side);
            return if reloads {
                with_script(answer, shared, &script).await
            } else {
                answer
            };
        }
        Err(failure) => failure.page(wants_page),
    };
    if reloads {
        answer = with_script(answer, shared, &Script::now(shared)).await;
    }
    answer
}

/// Why there is no response from the site.
enum Failure {
    /// No generation is up.
    Down(std::sync::Arc<str>),
    /// It accepted the request and sent no response, or not all of it.
    Silent(hyper::Error),
    /// It accepts no connections.
    Unreachable(std::io::Error),
}

impl Failure {
    fn page(self, wants_page: bool) -> Response<Body> {
        match self {
            Self::Down(reason) => {
                page::problem(StatusCode::SERVICE_UNAVAILABLE, &reason, wants_page)
            }
            // The request's body is the only one that is sent to the site.
            Self::Silent(error) if error.is_user() => page::problem(
                StatusCode::BAD_REQUEST,
                "the body of the request ends early, or has another length than its headers say",
                wants_page,
            ),
            Self::Silent(error) => page::problem(
                StatusCode::BAD_GATEWAY,
                &format!("the site closed the connection without a complete response: {error}"),
                wants_page,
            ),
            Self::Unreachable(error) => page::problem(
                StatusCode::BAD_GATEWAY,
                &format!("the site accepts no connections: {error}"),
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
        // Read first: a page may then be newer than its version says, and reload once too often, but never be older.
        let script = Script::now(shared);
        let lease = switch.lease().await.map_err(Failure::Down)?;
        let number = lease.upstream().number;
        let mut sender = match connection.sender(lease.upstream()).await {
            Ok(sender) => sender,
            Err(error) if refused == 3 => return Err(Failure::Unreachable(error)),
            Err(_) => {
                // It has exited, and the event is on its way. Nothing was sent, so the next generation may get it.
                refused += 1;
                drop(lease);
                switch.moved_on(number).await;
                continue;
            }
        };
        match sender.try_send_request(request).await {
            Ok(answer) => {
                connection.keep(number, sender);
                return Ok((lease, answer, script));
            }
            Err(mut error) => match error.take_message() {
                // The connection was closed before a byte of it was written.
                Some(unsent) => request = unsent,
                None => return Err(Failure::Silent(error.into_error())),
            },
        }
    }
}

/// Handles informational responses of the site. `100 Continue` lets a client that waits for it send its body, and not
/// before; others, such as `103 Early Hints`, are passed on to clients that understand them.
fn pass_on_informational(
    request: &mut Request<Upload>,
    client_waits: bool,
    hints: Option<EarlyHints>,
) {
    let mut open = None;
    if client_waits {
        let (sender, opened) = oneshot::channel();
        request.body_mut().hold_back(opened);
        open = Some(sender);
    }
    let open = Mutex::new(open);
    hyper::ext::on_informational(request, move |response| {
        if response.status() != StatusCode::CONTINUE {
            if let Some(hints) = &hints {
                let mut head = Response::new(());
                *head.status_mut() = response.status();
                *head.headers_mut() = response.headers().clone();
                headers::prepare_response(head.status(), head.headers_mut());
                hints.send(&head);
            }
        } else if let Some(open) = open.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The receiver is gone if the client has disconnected.
            let _ = open.send(());
        }
    });
}

/// The versions that our script in a page is given.
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

    /// It runs before anything of the page itself, so that a policy in a `<meta>` of the page cannot block it.
    fn tag(&self, token: &str) -> String {
        let Self { version, styles } = self;
        format!(
            "<script src=\"{}client.js\" nonce=\"{token}\" data-token=\"{token}\" \
             data-version=\"{version}\" data-styles=\"{styles}\"></script>",
            endpoints::PREFIX
        )
    }
}

/// Inserts our script into a page at the first possible place; any other response stays as it is.
///
/// The body is buffered up to that place and streamed after it.
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
                match inject::insertion(&start) {
                    Insertion::At(place) => break Some(place),
                    Insertion::Nowhere => break None,
                    Insertion::Later => {}
                }
            }
            Some(Ok(Err(trailers))) => {
                then = Some(trailers);
                break Some(start.len());
            }
            // Nothing of it has been passed on yet, so the error can still be shown instead.
            Some(Err(error)) => {
                (head, page) = Failure::Silent(error).page(true).into_parts();
                start.clear();
            }
            None => break Some(start.len()),
        }
    };
    if let Some(place) = place {
        let tag = script.tag(&shared.token);
        inject::adapt_headers(&mut head.headers, tag.len(), &shared.token);
        start.splice(place..place, tag.into_bytes());
    }
    Response::from_parts(head, Resumed::new(start, then, page).boxed())
}

fn to_client(
    mut answer: Response<Incoming>,
    lease: Lease,
    client_side: Option<hyper::upgrade::OnUpgrade>,
) -> Response<Body> {
    let status = answer.status();
    headers::prepare_response(status, answer.headers_mut());
    if status == StatusCode::SWITCHING_PROTOCOLS
        && let Some(client_side) = client_side
    {
        let site_side = hyper::upgrade::on(&mut answer);
        tokio::spawn(tunnel(client_side, site_side));
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

/// Copies bytes both ways until both sides have ended. A generation that exits closes its side.
async fn tunnel(client: hyper::upgrade::OnUpgrade, site: hyper::upgrade::OnUpgrade) {
    if let (Ok(client), Ok(site)) = tokio::join!(client, site) {
        // Such connections end when a side closes or breaks off.
        let _ =
            tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(site)).await;
    }
}
