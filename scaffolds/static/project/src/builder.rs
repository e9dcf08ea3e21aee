//! From sources to files: all of the site, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::assets::{self, Names};
use crate::config::{BaseUrl, Config};
use crate::feeds;
use crate::links::{Links, Rendered, Target, Targets, encode, is_same};
use crate::markdown::{Lines, links_in};
use crate::page::{Body, Page};
use crate::problem::Problem;
use crate::sources::{self, Source};

/// The contents of the site's files, by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How the site is built.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Pages that are drafts are published, too.
    pub drafts: bool,
    /// Assets have the hash of their content in their names.
    pub hashed: bool,
    /// Where it is published, if that is not what `site.toml` says.
    pub base_url: Option<BaseUrl>,
}

/// Everything that was read.
struct Sources {
    config: Config,
    pages: Vec<Page>,
    drafts: Vec<Page>,
    /// What lies beside the pages.
    attached: Vec<Source>,
    layouts: Vec<Source>,
    assets: Vec<Source>,
    /// What is published as it is.
    plain: Vec<Source>,
    names: Names,
}

/// A page, as layouts know it.
#[derive(Serialize)]
struct PageValue<'a> {
    title: &'a str,
    description: &'a str,
    date: Option<&'a str>,
    draft: bool,
    url: Value,
    permalink: Value,
    extra: Value,
}

/// The site at `root`.
///
/// # Errors
/// All problems of its sources, sorted.
pub fn build(root: &Path, options: &Options) -> Result<Files, Vec<Problem>> {
    let sources = read(root, options)?;
    let targets = targets(&sources);
    let rendered = render_all(&sources)?;
    let links = Links {
        pages: &sources.pages,
        rendered: &rendered,
        targets: &targets,
        base_path: sources.config.base_path(),
    };
    let mut problems = BTreeSet::new();
    let mut files = Files::new();
    let in_layouts = links_of_layouts(&sources.layouts);
    for (number, page) in sources.pages.iter().enumerate() {
        let (html, broken) = links.rewrite(number);
        let located = broken
            .into_iter()
            .map(|(link, reason)| locate(page, &in_layouts, &link, reason));
        problems.extend(located);
        files.insert(page.output(), html.into_bytes());
    }
    for asset in &sources.assets {
        match published_asset(asset, &targets) {
            Ok(bytes) => {
                files.insert(sources.names[&asset.path].clone(), bytes);
            }
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(problems.into_iter().collect());
    }
    for (path, text) in feeds::all(&sources.config, &sources.pages) {
        files.insert(path.to_owned(), text.into_bytes());
    }
    // What the project has itself comes before what is made for it.
    for source in sources.plain.into_iter().chain(sources.attached) {
        files.insert(source.inside().to_owned(), source.bytes);
    }
    Ok(files)
}

/// Reads all sources, and finds what is wrong with each one by itself.
fn read(root: &Path, options: &Options) -> Result<Sources, Vec<Problem>> {
    let mut problems = Vec::new();
    let config = Config::read(root).map_err(|problem| vec![problem])?;
    let [in_pages, layouts, assets, plain] =
        sources::FOLDERS.map(|folder| sources::read(root, folder, &mut problems));
    let (pages, attached): (Vec<_>, Vec<_>) = in_pages
        .into_iter()
        .partition(|source| Page::is_page(&source.path));
    let pages: Vec<Page> = pages
        .iter()
        .filter_map(|source| {
            Page::read(source)
                .map_err(|problem| problems.push(problem))
                .ok()
        })
        .collect();
    if pages.is_empty() && problems.is_empty() {
        problems.push(Problem::new(
            "pages",
            1,
            "holds no page: begin with pages/index.md",
        ));
    }
    let (drafts, mut pages): (Vec<_>, Vec<_>) = pages
        .into_iter()
        .partition(|page| page.draft && !options.drafts);
    // The newest first, then those without a date.
    pages.sort_by(|one, other| {
        let newest = other.date.cmp(&one.date);
        newest.then_with(|| one.address.cmp(&other.address))
    });
    let names = assets::names(&assets, options.hashed);
    let sources = Sources {
        config: Config {
            base_url: options.base_url.clone().or(config.base_url),
            ..config
        },
        pages,
        drafts,
        attached,
        layouts,
        assets,
        plain,
        names,
    };
    collisions(&sources, &mut problems);
    match problems.is_empty() {
        true => Ok(sources),
        false => {
            problems.sort();
            Err(problems)
        }
    }
}

/// Two files of one name are a problem, also where a disk does not tell upper from lower case; and so are a file and a
/// folder of one name.
fn collisions(sources: &Sources, problems: &mut Vec<Problem>) {
    let mut outputs: Vec<(String, &str)> = Vec::new();
    outputs.extend(
        sources
            .pages
            .iter()
            .map(|page| (page.output(), page.source.as_str())),
    );
    let plain = sources.plain.iter().chain(&sources.attached);
    outputs.extend(plain.map(|source| (source.inside().to_owned(), source.path.as_str())));
    let assets = sources.assets.iter();
    outputs.extend(assets.map(|asset| (sources.names[&asset.path].clone(), asset.path.as_str())));
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for (output, source) in &outputs {
        if let Some(other) = taken.insert(output.to_lowercase(), source) {
            let message = format!("is published as {output}, and so is {other}");
            problems.push(Problem::new(source, 1, message));
        }
    }
    for (output, source) in &outputs {
        let lower = output.to_lowercase();
        let mut folders = lower.match_indices('/').map(|(end, _)| &lower[..end]);
        if let Some(other) = folders.find_map(|folder| taken.get(folder)) {
            let message = format!("is published as {output}, in a folder that is a file: {other}");
            problems.push(Problem::new(source, 1, message));
        }
    }
}

/// Everything that a link can lead to.
fn targets(sources: &Sources) -> Targets<'_> {
    let mut targets = Targets::new();
    for path in feeds::FILES {
        targets.insert(path.to_owned(), Target::File(path));
    }
    for source in sources.attached.iter().chain(&sources.plain) {
        targets.insert(source.inside().to_owned(), Target::File(source.inside()));
    }
    for (path, name) in &sources.names {
        targets.insert(path.clone(), Target::File(name));
    }
    let inside = |page: &Page| page.source.trim_start_matches("pages/").to_owned();
    for page in &sources.drafts {
        targets.insert(inside(page), Target::Draft);
        targets.insert(page.address.trim_end_matches('/').to_owned(), Target::Draft);
    }
    for (number, page) in sources.pages.iter().enumerate() {
        let address = page.address.trim_end_matches('/').to_owned();
        for path in [inside(page), page.output(), address] {
            targets.insert(path, Target::Page(number));
        }
    }
    targets
}

/// All pages in their layouts.
fn render_all(sources: &Sources) -> Result<Vec<Rendered>, Vec<Problem>> {
    let mut problems = BTreeSet::new();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    for layout in &sources.layouts {
        let name = layout.inside().to_owned();
        let added = layout.text().and_then(|text| {
            let added = environment.add_template_owned(name, text.to_owned());
            added.map_err(|error| Problem::from_template(&error, |_| layout.path.clone()))
        });
        problems.extend(added.err());
    }
    if !problems.is_empty() {
        return Err(problems.into_iter().collect());
    }
    let config = Value::from(Serde(&sources.config));
    let values: Vec<Value> = sources
        .pages
        .iter()
        .map(|page| value(page, &sources.config))
        .collect();
    let pages = sources.pages.iter().zip(&values);
    let listed: Value = pages
        .filter(|(page, _)| !page.is_error_page())
        .map(|(_, value)| value.clone())
        .collect();
    let mut rendered = Vec::with_capacity(values.len());
    for (page, value) in sources.pages.iter().zip(values) {
        let shared = context! { site => config.clone(), page => value, pages => listed.clone() };
        match render(&environment, page, shared) {
            Ok(html) => rendered.push(Rendered::new(html)),
            Err(problem) => {
                problems.insert(problem);
            }
        }
    }
    match problems.is_empty() {
        true => Ok(rendered),
        false => Err(problems.into_iter().collect()),
    }
}

fn render(environment: &Environment, page: &Page, shared: Value) -> Result<String, Problem> {
    let explained = |error: minijinja::Error| {
        Problem::from_template(&error, |name| match name == page.source {
            true => name.to_owned(),
            false => format!("layouts/{name}"),
        })
    };
    let content = match &page.body {
        Body::Html(html) => html.clone(),
        Body::Template(template) => environment
            .render_named_str(&page.source, template, shared.clone())
            .map_err(explained)?,
    };
    let (name, line) = &page.layout;
    let Ok(layout) = environment.get_template(name) else {
        let message = format!("there is no layout layouts/{name}");
        return Err(Problem::new(&page.source, *line, message));
    };
    let content = Value::from_safe_string(content.trim_start_matches('\n').to_owned());
    layout
        .render(context! { content, ..shared })
        .map_err(explained)
}

fn value(page: &Page, config: &Config) -> Value {
    let url = match page.is_error_page() {
        true => page.output(),
        false => encode(&page.address),
    };
    Value::from(Serde(&PageValue {
        title: &page.title,
        description: &page.description,
        date: page.date.as_deref(),
        draft: page.draft,
        permalink: Value::from_safe_string(format!("{}{url}", config.published_at())),
        url: Value::from_safe_string(format!("/{url}")),
        extra: Value::from(Serde(&page.extra)),
    }))
}

fn links_of_layouts(layouts: &[Source]) -> Vec<(&str, Lines)> {
    let texts = layouts
        .iter()
        .filter_map(|layout| Some((layout.path.as_str(), layout.text().ok()?)));
    texts
        .map(|(path, text)| (path, links_in(text, 1)))
        .collect()
}

/// Where a broken link of a page was written: in its source, or in a layout.
fn locate(page: &Page, layouts: &[(&str, Lines)], link: &str, reason: String) -> Problem {
    let line = |lines: &Lines| {
        let found = lines.iter().find(|(written, _)| is_same(written, link));
        found.map(|(_, line)| *line)
    };
    if let Some(line) = line(&page.lines) {
        return Problem::new(&page.source, line, reason);
    }
    let in_layout = layouts
        .iter()
        .find_map(|(path, lines)| Some((path, line(lines)?)));
    match in_layout {
        Some((path, line)) => Problem::new(path, line, reason),
        None => Problem::new(&page.source, 1, reason),
    }
}

fn published_asset(asset: &Source, targets: &Targets) -> Result<Vec<u8>, Vec<Problem>> {
    if !assets::is_style_sheet(&asset.path) {
        return Ok(asset.bytes.clone());
    }
    let target = |path: &str| match targets.get(path) {
        Some(Target::File(path)) => Some((*path).to_owned()),
        _ => None,
    };
    assets::style_sheet(asset, &target).map(String::into_bytes)
}
