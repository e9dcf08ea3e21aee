//! The site as it is, and small ones with something wrong.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::builder::{self, Files, Options};
use crate::output;
use crate::server::{Live, Site, router};

/// A site of `files`, with a layout that shows the content.
fn site(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let plain = [
        ("site.toml", "title = 'Test'\n"),
        (
            "layouts/page.html",
            "<h1>{{ page.title }}</h1>{{ content }}",
        ),
    ];
    for (path, text) in plain.iter().chain(files) {
        write(folder.path(), path, text);
    }
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("it is made");
    fs::write(file, text).expect("it is written");
}

/// A page with this title and content.
fn page(content: &str) -> String {
    format!("+++\ntitle = 'A page'\n+++\n{content}")
}

fn hashed() -> Options {
    Options {
        hashed: true,
        ..Options::default()
    }
}

fn build(root: &Path) -> Result<Files, Vec<String>> {
    let built = builder::build(root, &hashed());
    built.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).expect("text")
}

#[test]
fn this_site_builds_and_two_builds_are_equal() {
    let first = build(Path::new(".")).expect("no problem");
    let second = build(Path::new(".")).expect("no problem");
    assert!(first == second);
    for path in [
        "index.html",
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
        "_headers",
    ] {
        assert!(first.contains_key(path), "{path}");
    }
}

#[test]
fn links_are_relative_and_assets_have_hashes() {
    let site = site(&[
        (
            "pages/index.md",
            &page("[a](posts/one.md#part) ![b](b%20c.png)"),
        ),
        (
            "pages/posts/one.md",
            &page("# Part\n<link href=/assets/a.css><a href='?q'>"),
        ),
        ("pages/404.md", &page("[front](/)")),
        ("pages/b c.png", "png"),
        ("assets/a.css", "b { background: url(img/b.svg#x) }"),
        ("assets/img/b.svg", "<svg/>"),
        ("static/.well-known/x", "plain"),
    ]);
    let files = build(site.path()).expect("no problem");
    let front = text(&files, "index.html");
    assert!(front.contains("href=\"posts/one/#part\""), "{front}");
    assert!(front.contains("src=\"b%20c.png\""), "{front}");
    let post = text(&files, "posts/one/index.html");
    assert!(post.contains("<link href=\"../../assets/a."), "{post}");
    assert!(text(&files, "404.html").contains("href=\"/\""));
    assert_eq!(text(&files, ".well-known/x"), "plain");
    let css = files
        .keys()
        .find(|path| path.ends_with(".css"))
        .expect("a style sheet");
    assert!(text(&files, css).starts_with("b { background: url(img/b."));
    assert!(text(&files, css).ends_with(".svg#x) }"));
}

#[test]
fn what_is_wrong_is_said_with_file_and_line() {
    for (path, content, expected) in [
        (
            "pages/x.md",
            "no front matter".to_owned(),
            "pages/x.md:1: has no title",
        ),
        (
            "pages/x.md",
            page("\n[a](gone.md)"),
            "pages/x.md:5: `gone.md` is not there",
        ),
        (
            "pages/x.md",
            page("`/gone/`\n\n[a](/gone/)"),
            "pages/x.md:6: `/gone/` is not there",
        ),
        (
            "pages/x.md",
            page("[a](#gone)"),
            "pages/x.md:4: `#gone` is not there",
        ),
        (
            "pages/x.md",
            page("![a](/gone.png)"),
            "pages/x.md:4: `/gone.png`",
        ),
        (
            "pages/x.md",
            page("<a href='/gone/'>"),
            "pages/x.md:4: `/gone/`",
        ),
        (
            "pages/x.md",
            page("[a](../../up.md)"),
            "pages/x.md:4: `../../up.md` leads out",
        ),
        (
            "pages/x.html",
            page("<p>\n<a href=\"/gone/\">"),
            "pages/x.html:5: `/gone/`",
        ),
        (
            "pages/x.html",
            page("{{ nothing.there }}"),
            "pages/x.html:4: undefined",
        ),
        (
            "pages/x.html",
            page("{% if %}"),
            "pages/x.html:4: syntax error",
        ),
        (
            "pages/index.html",
            page(""),
            "pages/index.md:1: is published as index.html",
        ),
        (
            "static/INDEX.html",
            "x".to_owned(),
            "static/INDEX.html:1: is published as",
        ),
        (
            "static/index.html",
            "x".to_owned(),
            "static/index.html:1: is published as",
        ),
        (
            "static/index.html/x",
            "x".to_owned(),
            "in a folder that is a file",
        ),
        (
            "layouts/page.html",
            "\n{% extends 'page.html' %}".to_owned(),
            "layouts/page.html:2: ",
        ),
        (
            "layouts/page.html",
            "\n{% include 'page.html' %}".to_owned(),
            "layouts/page.html:2: ",
        ),
        (
            "layouts/page.html",
            "{% extends 'gone.html' %}".to_owned(),
            "layouts/page.html:1: ",
        ),
        (
            "layouts/page.html",
            "\n<a href='/gone/'>".to_owned(),
            "layouts/page.html:2: `/gone/`",
        ),
        (
            "assets/x.css",
            "\na { b: url(gone.png) }".to_owned(),
            "assets/x.css:2: `gone.png`",
        ),
        (
            "site.toml",
            "title = 'x'\ntitel = 1".to_owned(),
            "site.toml:2: unknown field",
        ),
        (
            "site.toml",
            "title = 'x'\nbase-url = 'x'".to_owned(),
            "site.toml:2: `x` is not",
        ),
        (
            "pages/x.md",
            "+++\ntitle = 'x'\nlayout = 'gone'\n+++\n".to_owned(),
            "pages/x.md:3: there is no layout layouts/gone.html",
        ),
    ] {
        let site = site(&[("pages/index.md", &page("x")), (path, &content)]);
        let problems = build(site.path()).expect_err(expected);
        assert!(
            problems.iter().any(|problem| problem.contains(expected)),
            "{expected}: {problems:?}"
        );
    }
}

#[test]
fn drafts_are_not_published_and_not_linked() {
    let draft = "+++\ntitle = 'x'\ndraft = true\ndate = 2026-01-31\n+++\n";
    let site = site(&[("pages/index.md", &page("x")), ("pages/draft.md", draft)]);
    let files = build(site.path()).expect("no problem");
    assert!(!files.contains_key("draft/index.html"));
    assert!(!text(&files, "feed.xml").contains("draft"));
    write(site.path(), "pages/index.md", &page("[a](draft.md)"));
    let problems = build(site.path()).expect_err("a link to a draft");
    assert!(problems[0].contains("pages/index.md:4: `draft.md` is a draft"));
}

#[cfg(unix)]
#[test]
fn links_of_the_disk_and_bytes_that_are_no_text_are_refused() {
    let site = site(&[("pages/index.md", &page("x"))]);
    std::os::unix::fs::symlink("index.md", site.path().join("pages/link.md")).expect("a link");
    fs::write(site.path().join("pages/bad.md"), b"+++\n\xff").expect("it is written");
    let problems = build(site.path()).expect_err("two problems").join("\n");
    assert!(
        problems.contains("pages/link.md:1: is a symbolic link"),
        "{problems}"
    );
    assert!(
        problems.contains("pages/bad.md:2: is not UTF-8 text"),
        "{problems}"
    );
}

#[test]
fn the_folder_of_the_site_is_written_and_nothing_else() {
    let site = site(&[("pages/index.md", &page("x")), ("kept.txt", "kept")]);
    write(site.path(), "dist/old.html", "old");
    write(site.path(), "dist/.git/config", "mine");
    let files = build(site.path()).expect("no problem");
    for _ in 0..2 {
        output::write(site.path(), &files).expect("it is written");
        assert_eq!(
            fs::read(site.path().join("dist/.git/config")).expect("kept"),
            b"mine"
        );
        let built = output::read(&site.path().join("dist")).expect("it is read");
        assert!(built == files);
        assert!(site.path().join("kept.txt").exists());
        assert!(!site.path().join("dist/old.html").exists());
    }
}

#[test]
fn only_what_differs_is_written() {
    let site = site(&[("pages/index.md", &page("x"))]);
    let mut files = build(site.path()).expect("no problem");
    output::write(site.path(), &files).expect("it is written");
    let home = site.path().join("dist/index.html");
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    let file = fs::File::open(&home).expect("it is there");
    file.set_modified(long_ago).expect("it is set");

    output::write(site.path(), &files).expect("it is written");
    let written = fs::metadata(&home).and_then(|data| data.modified());
    assert_eq!(written.expect("a time"), long_ago);

    // By hand, and by another build.
    fs::write(&home, "mine").expect("it is written");
    output::write(site.path(), &files).expect("it is written");
    assert_eq!(fs::read(&home).expect("it is read"), files["index.html"]);
    files.insert("index.html".to_owned(), b"other".to_vec());
    output::write(site.path(), &files).expect("it is written");
    assert_eq!(fs::read(&home).expect("it is read"), b"other");
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let site = site(&[]);
    for paths in [["a", "b/index.html"], ["a/index.html", "b"]] {
        for _ in 0..2 {
            let files = paths.map(|path| (path.to_owned(), path.as_bytes().to_vec()));
            let files = Files::from(files);
            output::write(site.path(), &files).expect("it is written");
            let built = output::read(&site.path().join("dist")).expect("it is read");
            assert!(built == files, "{built:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_links_lead_to_is_not_touched() {
    let site = site(&[("outside/index.html", "mine")]);
    write(site.path(), "dist/index.html", "old");
    let link = |at: &str| {
        std::os::unix::fs::symlink(site.path().join("outside"), site.path().join(at))
            .expect("a link");
    };
    link("dist/a");
    link("dist/b");
    let page = ("a/index.html".to_owned(), b"new".to_vec());
    output::write(site.path(), &Files::from([page])).expect("it is written");
    let outside = fs::read(site.path().join("outside/index.html")).expect("it is there");
    assert_eq!(outside, b"mine");
    assert!(!site.path().join("dist/b").exists());
    assert_eq!(
        fs::read(site.path().join("dist/a/index.html")).expect("it is read"),
        b"new"
    );
}

async fn get(site: &Site, path: &str) -> (StatusCode, String, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = router(site.clone())
        .oneshot(request)
        .await
        .expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let told = header("location")
        .or(header("cache-control"))
        .unwrap_or_default()
        .to_owned();
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, told, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn the_built_site_is_served_with_what_browsers_may_keep() {
    let site = site(&[
        ("pages/index.md", &page("<img src=/assets/a.svg>")),
        ("pages/a b.md", &page("x")),
        ("pages/404.md", &page("not here")),
        ("assets/a.svg", "<svg/>"),
    ]);
    let files = build(site.path()).expect("no problem");
    let asset = files
        .keys()
        .find(|path| path.ends_with(".svg"))
        .expect("an asset")
        .clone();
    let served = Site::Built(Arc::new(files));
    let (status, cache, _) = get(&served, &format!("/{asset}")).await;
    assert_eq!((status.as_u16(), cache.contains("immutable")), (200, true));
    assert_eq!(get(&served, "/").await.1, "no-cache");
    assert_eq!(get(&served, "/a%20b/").await.0, 200);
    assert_eq!(get(&served, "/a%20b?q").await.1, "./a%20b/?q");
    let (status, _, body) = get(&served, "/nowhere").await;
    assert_eq!((status.as_u16(), body.contains("not here")), (404, true));
    assert_eq!(get(&served, "/../site.toml").await.0, 404);
    assert_eq!(get(&served, "/healthz").await.2, "ok\n");
}

#[tokio::test]
async fn an_edit_is_seen_at_the_next_request_and_a_bad_one_explained() {
    let site = site(&[("pages/index.md", &page("before"))]);
    let live = Live::new(site.path().to_owned(), Options::default());
    let served = Site::Live(Arc::new(Mutex::new(live)));
    assert!(get(&served, "/").await.2.contains("before"));
    write(site.path(), "pages/index.md", &page("afterwards"));
    assert!(get(&served, "/").await.2.contains("afterwards"));
    write(site.path(), "pages/index.md", &page("[x](gone.md)"));
    let (status, _, body) = get(&served, "/").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        body.contains("pages/index.md:4: `gone.md` is not there"),
        "{body}"
    );
    write(site.path(), "pages/index.md", &page("repaired"));
    assert!(get(&served, "/").await.2.contains("repaired"));
}
