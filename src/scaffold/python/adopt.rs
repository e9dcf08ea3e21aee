//! The `luthier.toml` of a project in Python that somebody else made. Pure.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, value};

use super::framework::{Application, Django, Framework};

/// The text of the file for the project `name`, which is made with `framework`.
pub(crate) fn text(name: &str, framework: &Framework) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = "[project]\n\n[scaffold]\n".parse()?;
    document["project"]["name"] = value(name);
    document["project"]["language"] = value("python");
    document["scaffold"]["name"] = value("none");
    document["scaffold"]["version"] = value(env!("CARGO_PKG_VERSION"));
    match framework {
        Framework::Django(django) => of_django(&mut document, django),
        Framework::Flask(application) => of_flask(&mut document, application),
        Framework::Asgi(application) => of_asgi(&mut document, application),
    }
    Ok(document.to_string())
}

/// Files that are read when the site starts: templates, too, which frameworks keep once they have read them.
const RESTART: &[&str] = &[
    "**/*.py",
    "pyproject.toml",
    "uv.lock",
    "requirements*.txt",
    ".env",
    ".flaskenv",
];
const TEMPLATES: &[&str] = &["**/*.html", "**/*.jinja", "**/*.jinja2", "**/*.j2"];
const STATIC: &[&str] = &["static/**", "**/static/**"];

fn of_django(document: &mut DocumentMut, django: &Django) {
    let manage = format!("{}manage.py", django.folder);
    let verbs = table(document, "verbs");
    verbs["*"] = list(&["python", &manage, "{verb}"]);
    let dev = table(document, "dev");
    // Django's own server also serves static files.
    dev["command"] = list(&[
        "python",
        &manage,
        "runserver",
        "--noreload",
        "{host}:{port}",
    ]);
    dev["listen"] = value("port");
    dev["ready"] = value("/");
    dev["check"] = list(&["python", &manage, "check"]);
    dev["restart"] = list(&[RESTART, TEMPLATES].concat());
    dev["reload"] = list(STATIC);
    let Some(wsgi) = &django.wsgi else {
        return;
    };
    let package = table(document, "package");
    package["serve"] = list(&gunicorn(&django.folder, wsgi));
    if django.collects_static {
        let mut commands = Array::new();
        commands.push(
            ["python", &manage, "collectstatic", "--no-input"]
                .into_iter()
                .collect::<Array>(),
        );
        package["build"] = value(commands);
        let mut environment = InlineTable::new();
        for variable in &django.secret_keys {
            environment.insert(variable, "build-only".into());
        }
        if !environment.is_empty() {
            package["build-environment"] = value(environment);
        }
    }
    package["migrate"] = list(&["python", &manage, "migrate", "--no-input"]);
}

fn of_flask(document: &mut DocumentMut, application: &Application) {
    let reference = match application.folder.as_str() {
        "" => application.reference(),
        folder => format!(
            "{folder}{}:{}",
            application.module.replace('.', "/"),
            application.name
        ),
    };
    let flask = |words: &[&str]| list(&[&["flask", "--app", &reference], words].concat());
    let verbs = table(document, "verbs");
    verbs["routes"] = flask(&["routes"]);
    verbs["shell"] = flask(&["shell"]);
    if application.migrates {
        verbs["makemigrations"] = flask(&["db", "migrate"]);
        verbs["migrate"] = flask(&["db", "upgrade"]);
    }
    let dev = table(document, "dev");
    dev["command"] = flask(&[
        "run",
        "--debug",
        "--no-reload",
        "--host",
        "{host}",
        "--port",
        "{port}",
    ]);
    dev["listen"] = value("port");
    dev["ready"] = value("/");
    dev["restart"] = list(RESTART);
    // Flask reads templates again while it debugs.
    dev["reload"] = list(&[TEMPLATES, STATIC].concat());
    let package = table(document, "package");
    package["serve"] = list(&gunicorn(&application.folder, &application.reference()));
    if application.migrates {
        package["migrate"] = flask(&["db", "upgrade"]);
    }
}

fn of_asgi(document: &mut DocumentMut, application: &Application) {
    let mut words = vec!["uvicorn"];
    if !application.folder.is_empty() {
        words.extend(["--app-dir", application.folder.trim_end_matches('/')]);
    }
    let mut reference = application.reference();
    if let Some(factory) = reference.strip_suffix("()") {
        words.push("--factory");
        reference = factory.to_owned();
    }
    let dev = table(document, "dev");
    dev["command"] = list(&[&words[..], &["--fd", "{fd}", &reference]].concat());
    dev["listen"] = value("fd");
    dev["ready"] = value("/");
    dev["restart"] = list(&[RESTART, TEMPLATES].concat());
    dev["reload"] = list(STATIC);
    let serve = ["--host", "0.0.0.0", "--port", "{port}", &reference];
    table(document, "package")["serve"] = list(&[&words[..], &serve].concat());
}

fn gunicorn<'a>(folder: &'a str, application: &'a str) -> Vec<&'a str> {
    let mut words = vec![
        "gunicorn",
        "--bind",
        "0.0.0.0:{port}",
        "--worker-tmp-dir",
        "/dev/shm",
        "--access-logfile",
        "-",
    ];
    if !folder.is_empty() {
        words.extend(["--chdir", folder.trim_end_matches('/')]);
    }
    words.push(application);
    words
}

fn table<'a>(document: &'a mut DocumentMut, name: &str) -> &'a mut Item {
    let item = document
        .entry(name)
        .or_insert_with(|| Item::Table(Table::new()));
    if let Some(table) = item.as_table_mut() {
        table.decor_mut().set_prefix("\n");
    }
    item
}

fn list(words: &[&str]) -> Item {
    value(words.iter().copied().collect::<Array>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_how_the_site_is_served_and_shipped() {
        let application = |folder: &str, module: &str, name: &str| Application {
            folder: folder.to_owned(),
            module: module.to_owned(),
            name: name.to_owned(),
            migrates: !folder.is_empty(),
            path: String::new(),
            needs: Vec::new(),
        };
        let all = [
            Framework::Django(Django {
                folder: String::new(),
                wsgi: Some("shop.wsgi".to_owned()),
                collects_static: true,
                secret_keys: vec!["SECRET_KEY".to_owned()],
            }),
            Framework::Flask(application("src/", "shop", "create_app()")),
            Framework::Asgi(application("", "main", "app")),
        ];
        let texts = all.map(|framework| text("shop", &framework).unwrap());
        for text in &texts {
            let dev: toml_edit::DocumentMut = text.parse().unwrap();
            let dev = toml_edit::de::from_str(&dev["dev"].as_table().unwrap().to_string());
            let dev: crate::scaffold::Dev = dev.unwrap();
            assert_eq!(dev.validate(), Ok(()), "{text}");
        }
        insta::assert_snapshot!(
            texts
                .join("\n---\n\n")
                .replace(env!("CARGO_PKG_VERSION"), "0.0.0")
        );
    }
}
