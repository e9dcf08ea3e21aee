//! What is written for programs: the feed, the site map, and what search engines and hosts want to know.

use std::fmt::Write;

use crate::config::Config;
use crate::html::escape;
use crate::links::encode;
use crate::page::Page;

/// The files that are made for every site.
pub const FILES: [&str; 4] = ["feed.xml", "sitemap.xml", "robots.txt", "_headers"];

/// Their texts.
pub fn all(config: &Config, pages: &[Page]) -> [(&'static str, String); 4] {
    let url = config.published_at();
    let robots = format!("User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n");
    let headers = "/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n";
    let texts = [
        feed(config, pages),
        sitemap(config, pages),
        robots,
        headers.to_owned(),
    ];
    let [feed, sitemap, robots, headers] = texts;
    [
        (FILES[0], feed),
        (FILES[1], sitemap),
        (FILES[2], robots),
        (FILES[3], headers),
    ]
}

/// All pages with a date, as Atom (RFC 4287). Its time is that of the newest one, so that no clock is asked.
fn feed(config: &Config, pages: &[Page]) -> String {
    let url = config.published_at();
    let dated = pages
        .iter()
        .filter_map(|page| Some((page, page.date.as_deref()?)));
    let dated = dated.filter(|(page, _)| !page.is_error_page());
    let newest = dated.clone().map(|(_, date)| date).max();
    let newest = newest.unwrap_or("1970-01-01");
    let title = escape(&config.title);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n  <title>{title}</title>\n  \
         <id>{url}</id>\n  <link href=\"{url}\"/>\n  <link rel=\"self\" href=\"{url}feed.xml\"/>\n  \
         <updated>{newest}T00:00:00Z</updated>\n  <author><name>{title}</name></author>\n",
        escape(&config.language)
    );
    for (page, date) in dated {
        let address = format!("{url}{}", encode(&page.address));
        let _ = write!(
            text,
            "  <entry>\n    <title>{}</title>\n    <id>{address}</id>\n    <link href=\"{address}\"/>\n    \
             <updated>{date}T00:00:00Z</updated>\n    <summary>{}</summary>\n  </entry>\n",
            escape(&page.title),
            escape(&page.description)
        );
    }
    text + "</feed>\n"
}

/// All pages (sitemaps.org).
fn sitemap(config: &Config, pages: &[Page]) -> String {
    let mut pages: Vec<&Page> = pages.iter().filter(|page| !page.is_error_page()).collect();
    pages.sort_by(|one, other| one.address.cmp(&other.address));
    let mut text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
                    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for page in pages {
        let changed = page.date.as_ref();
        let changed = changed.map(|date| format!("<lastmod>{date}</lastmod>"));
        let _ = writeln!(
            text,
            "  <url><loc>{}{}</loc>{}</url>",
            config.published_at(),
            encode(&page.address),
            changed.unwrap_or_default()
        );
    }
    text + "</urlset>\n"
}
