//! The application of Flask or of an ASGI framework in a file: what it is called, and where it is imported from. Pure.

use super::kinds::{Application, Framework, Sources};

/// What applications are made by.
pub(super) const FLASK: &[&str] = &["Flask"];
pub(super) const ASGI: &[&str] = &["FastAPI", "Starlette", "Quart", "Litestar"];

/// The application in a file, and how unlikely it is that this is the one that is served. `is_asgi` says what the project is
/// made with where the file does not.
pub(super) fn find(
    path: &str,
    text: &str,
    is_asgi: bool,
    sources: &Sources,
) -> Option<(usize, Framework)> {
    let is_asgi = match (mentions(text, FLASK), mentions(text, ASGI)) {
        (true, false) => false,
        (false, true) => true,
        _ => is_asgi,
    };
    let (rank, name, needs) = if let Some(name) = made(text, &is_class) {
        (0, name, Vec::new())
    } else if let Some(name) = made(text, &is_factory) {
        (1, name, Vec::new())
    } else {
        let factory = factory(text)?;
        (2, format!("{}()", factory.name), factory.needs)
    };
    let (folder, module) = module(path, sources)?;
    let application = Application {
        folder,
        module,
        name,
        migrates: false,
        path: path.to_owned(),
        needs,
    };
    Some((
        rank,
        match is_asgi {
            true => Framework::Asgi(application),
            false => Framework::Flask(application),
        },
    ))
}

fn is_class(called: &str) -> bool {
    FLASK.contains(&called) || ASGI.contains(&called)
}

/// The name that a line of the module gives to the result of a call that `wanted` takes.
fn made(text: &str, wanted: &dyn Fn(&str) -> bool) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        let name = name.split(':').next()?.trim_end();
        let is_name = !name.is_empty() && name.chars().all(is_in_name);
        let (called, _) = value.split_once('(')?;
        // `app = application = Flask(…)`
        let called = called.rsplit(['=', '.']).next()?.trim();
        (is_name && wanted(called)).then(|| name.to_owned())
    })
}

/// A function that makes an application.
struct Factory {
    name: String,
    needs: Vec<String>,
}

/// The function of a file that makes its application: one with the name of such, or that makes one.
fn factory(text: &str) -> Option<Factory> {
    const START: &str = "def ";
    let starts = text.match_indices(START).map(|(at, _)| at);
    let starts: Vec<usize> = starts
        .filter(|at| *at == 0 || text[..*at].ends_with('\n'))
        .collect();
    let is_here = mentions(text, FLASK) || mentions(text, ASGI);
    let functions = starts.iter().filter_map(|start| {
        let text = &text[start + START.len()..];
        let (name, rest) = text.split_once('(')?;
        let (parameters, body) = inside_brackets(rest);
        let body = body.lines().skip(1);
        let body =
            body.take_while(|line| line.is_empty() || line.starts_with([' ', '\t', ')', '#']));
        let makes = || body.into_iter().any(calls_class);
        let is_public = !name.starts_with('_') && !name.contains("test");
        (is_public && (is_here && is_factory(name) || makes())).then(|| Factory {
            name: name.trim().to_owned(),
            needs: needed(parameters),
        })
    });
    let mut functions: Vec<Factory> = functions.collect();
    functions.sort_by_key(|function| !is_factory(&function.name));
    functions.into_iter().next()
}

fn calls_class(line: &str) -> bool {
    line.match_indices('(').any(|(at, _)| {
        let called = line[..at].rsplit(|c| !is_in_name(c)).next();
        called.is_some_and(is_class)
    })
}

/// What stands up to the bracket that closes, and what stands behind it.
fn inside_brackets(text: &str) -> (&str, &str) {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return (&text[..at], &text[at + 1..]),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    (text, "")
}

/// The names of the parameters that have no default.
fn needed(parameters: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut found = vec![String::new()];
    for c in parameters.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    let needed = found.iter().map(|one| one.trim()).filter(|one| {
        let is_name = one.starts_with(|c: char| c.is_alphabetic() || c == '_');
        is_name && !one.contains('=')
    });
    let names = needed.filter_map(|one| one.split(':').next());
    names.map(|name| name.trim().to_owned()).collect()
}

/// `create_app`, `get_application`.
fn is_factory(name: &str) -> bool {
    let verbs = ["create_", "make_", "get_", "build_", "init_"];
    verbs.iter().any(|verb| {
        name.strip_prefix(verb)
            .is_some_and(|rest| ["app", "application", "asgi_app", "api"].contains(&rest))
    })
}

pub(super) fn mentions(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| text.contains(name))
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The folder that modules are looked for in, and the module of a file: `src/` is no package, and neither is a folder
/// without `__init__.py`, unless something is imported from it by name.
fn module(path: &str, sources: &Sources) -> Option<(String, String)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let is_package =
        |count: usize| sources.contains_key(&format!("{}/__init__.py", parts[..count].join("/")));
    let is_imported = |part: &str| sources.values().any(|text| imports(text, part));
    let lowest = usize::from(parts.first() == Some(&"src") && !is_imported("src"));
    let mut root = parts.len();
    while root > lowest && is_package(root) {
        root -= 1;
    }
    if root == parts.len() {
        // A folder that is no package: its parents may be, without saying so.
        let is_beside = |name: &str| {
            let here = [format!("{folder}/{name}.py"), format!("{folder}/{name}/")];
            let is_at = |start: &String| sources.keys().any(|known| known.starts_with(start));
            here.iter().any(is_at)
        };
        let takes_neighbours = || imported(&sources[path]).any(is_beside);
        let named = (lowest..parts.len()).find(|count| is_imported(parts[*count]));
        let otherwise = if takes_neighbours() { root } else { lowest };
        root = named.unwrap_or(otherwise);
    }
    let stem = file.strip_suffix(".py")?;
    let inside = parts[root..].iter().copied();
    let module: Vec<&str> = inside
        .chain([stem].into_iter().filter(|stem| *stem != "__init__"))
        .collect();
    let folder: String = parts[..root]
        .iter()
        .map(|part| format!("{part}/"))
        .collect();
    (!module.is_empty()).then(|| (folder, module.join(".")))
}

/// The first parts of the modules that a file imports, or imports from.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = line
            .strip_prefix("from ")
            .or_else(|| line.strip_prefix("import "))?;
        rest.trim_start().split(|c| !is_in_name(c)).next()
    })
}

fn imports(text: &str, name: &str) -> bool {
    imported(text).any(|module| module == name)
}

/// Files that are deep, or are called like none that is served, come last.
pub(super) fn place(path: &str) -> usize {
    let name = path.rsplit('/').next().unwrap_or(path);
    const NAMES: [&str; 8] = [
        "wsgi.py",
        "asgi.py",
        "app.py",
        "main.py",
        "application.py",
        "server.py",
        "run.py",
        "__init__.py",
    ];
    let known = NAMES
        .iter()
        .position(|known| *known == name)
        .unwrap_or(NAMES.len());
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let is_example = inside.split('/').any(|part| {
        [
            "test", "tests", "example", "examples", "docs", "scripts", "tools",
        ]
        .contains(&part)
    }) || name.starts_with("test_")
        || name == "conftest.py";
    10 * known + 100 * inside.matches('/').count() + if is_example { 10_000 } else { 0 }
}
