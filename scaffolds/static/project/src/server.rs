//! Serves the site: one that was built, or one that is built again whenever a source has changed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use listenfd::ListenFd;
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener;
use tokio::signal;

use crate::assets;
use crate::builder::{self, Files, Options};
use crate::html::escape;
use crate::problem::Problem;
use crate::sources;

/// Where the site listens, if `ADDRESS` does not say.
const ADDRESS: &str = "127.0.0.1:8000";

/// The site that is served; clones share it.
#[derive(Clone)]
pub enum Site {
    /// It was built before.
    Built(Arc<Files>),
    /// It is built from its sources.
    Live(Arc<Mutex<Live>>),
}

/// A site that is built again when it is asked for and a source has changed.
pub struct Live {
    root: PathBuf,
    options: Options,
    fingerprint: Option<u64>,
    /// The last one that could be built.
    files: Arc<Files>,
    problems: Vec<Problem>,
}

impl Live {
    pub fn new(root: PathBuf, options: Options) -> Self {
        Self {
            root,
            options,
            fingerprint: None,
            files: Arc::default(),
            problems: Vec::new(),
        }
    }

    /// Builds the whole site, if anything has changed, and exchanges it at once.
    pub fn refresh(&mut self) {
        let fingerprint = sources::fingerprint(&self.root);
        if self.fingerprint.replace(fingerprint) == Some(fingerprint) {
            return;
        }
        match builder::build(&self.root, &self.options) {
            Ok(files) => {
                self.files = Arc::new(files);
                self.problems.clear();
            }
            Err(problems) => {
                for problem in &problems {
                    eprintln!("Error: {problem}");
                }
                self.problems = problems;
            }
        }
    }
}

/// Serves the site until it is asked to stop.
pub async fn serve(site: Site) -> std::io::Result<()> {
    let listener = match ListenFd::from_env().take_tcp_listener(0)? {
        Some(listener) => {
            listener.set_nonblocking(true)?;
            TcpListener::from_std(listener)?
        }
        None => TcpListener::bind(address()?).await?,
    };
    println!("Listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router(site))
        .with_graceful_shutdown(asked_to_stop())
        .await
}

pub fn router(site: Site) -> Router {
    Router::new().fallback(answer).with_state(site)
}

async fn answer(State(site): State<Site>, request: Request) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow, "Only GET and HEAD\n").into_response();
    }
    let uri = request.uri().clone();
    if uri.path() == "/healthz" {
        return "ok\n".into_response();
    }
    let (files, problems, is_live) = match site {
        Site::Built(files) => (files, Vec::new(), false),
        Site::Live(live) => {
            let built = tokio::task::spawn_blocking(move || {
                let mut live = live.lock().unwrap_or_else(PoisonError::into_inner);
                live.refresh();
                (live.files.clone(), live.problems.clone(), true)
            });
            match built.await {
                Ok(built) => built,
                Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
    };
    let path = percent_decode_str(uri.path().trim_start_matches('/')).decode_utf8_lossy();
    let is_page = !path.contains('.') || path.ends_with(".html");
    if is_page && !problems.is_empty() {
        return explanation(&problems);
    }
    let index = match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.to_string(),
    };
    if let Some(bytes) = files.get(&index) {
        return file(&index, bytes, request.headers(), is_live);
    }
    if files.contains_key(&format!("{index}/index.html")) {
        let last = uri.path().rsplit('/').next().unwrap_or_default();
        let query = uri.query().map(|query| format!("?{query}"));
        // Relative, because a proxy may have taken the start of the path away.
        let address = format!("./{last}/{}", query.unwrap_or_default());
        let location = [(header::LOCATION, address)];
        return (StatusCode::PERMANENT_REDIRECT, location).into_response();
    }
    match files.get("404.html") {
        Some(page) => {
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            (StatusCode::NOT_FOUND, kind, page.clone()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response(),
    }
}

fn file(path: &str, bytes: &[u8], asked: &HeaderMap, is_live: bool) -> Response {
    let tag = format!("\"{}\"", assets::hash(bytes));
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.contains(&tag));
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(Bytes::copy_from_slice(bytes)).into_response(),
    };
    // The name of an asset changes with its content.
    let cache = match path.starts_with("assets/") && !is_live {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let kind = mime_guess::from_path(path)
        .first_or_octet_stream()
        .to_string();
    let is_text = kind.starts_with("text/") || kind.ends_with("javascript");
    let kind = if is_text {
        kind + "; charset=utf-8"
    } else {
        kind
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::ETAG, tag),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The page that is shown instead of every other one until the sources are right again.
fn explanation(problems: &[Problem]) -> Response {
    let items = problems
        .iter()
        .map(|problem| format!("<li><code>{}</code>\n", escape(&problem.to_string())));
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>The site cannot be built</title></head>\n\
         <body>\n<h1>The site cannot be built</h1>\n<ul>\n{}</ul>\n</body>\n</html>\n",
        items.collect::<String>()
    );
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::INTERNAL_SERVER_ERROR, kind, page).into_response()
}

fn address() -> std::io::Result<SocketAddr> {
    let text = std::env::var("ADDRESS").unwrap_or_else(|_| ADDRESS.to_owned());
    text.parse().map_err(|_| {
        std::io::Error::other(format!("ADDRESS=`{text}` is not an address like {ADDRESS}"))
    })
}

/// Asks the running site whether it is alive.
pub fn check_health() -> std::io::Result<()> {
    let mut address = address()?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.starts_with("HTTP/1.1 200") {
        true => Ok(()),
        false => Err(std::io::Error::other("it does not answer well")),
    }
}

/// Resolves at Ctrl-C or SIGTERM; requests under way are finished.
async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut term) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = term.recv() => return,
            _ = signal::ctrl_c() => return,
        }
    }
    let _ = signal::ctrl_c().await;
}
