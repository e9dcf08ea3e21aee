//! `luthier demo [DIR]`: the walk-through in one go, with books to look at, and then the site.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{makemigrations, migrate, runserver, startapp, startmodel, startproject};
use crate::context::Context;
use crate::database::{self, Database};
use crate::devserver::{self, Address, Site};
use crate::error::{Error, Result};
use crate::project::{self, Project};

/// Make a bookstore in one go, fill it with books, and serve it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier demo                  Make ./bookstore and serve it on http://127.0.0.1:8000
  luthier demo                  The second time: serve what is there
  luthier demo shop --port 8001")]
pub(crate) struct Args {
    /// The folder to make it in; a demo that is there already is served again
    #[arg(value_name = "DIR", default_value = NAME)]
    folder: PathBuf,
    /// Where to serve it; port 0 takes a free one
    #[arg(long, value_name = "[ADDR:]PORT", default_value_t)]
    port: Address,
    /// Only make it
    #[arg(long)]
    no_serve: bool,
}

const NAME: &str = "bookstore";
const APP: &str = "books";
/// Never what the environment names: that may be a database that matters.
const DATABASE: &str = "sqlite:db.sqlite3";
const ENTITY: &str = "apps/books/src/models/book.rs";
const MODEL: [&str; 8] = [
    APP,
    "Book",
    "title:string(200)",
    "author:string(100)",
    "publication_date:date",
    "isbn:string(20):unique",
    "summary:text",
    "--pages",
];

/// Books that belong to everybody.
const BOOKS: &str = "\
INSERT INTO books (title, author, publication_date, isbn, summary) VALUES
  ('Pride and Prejudice', 'Jane Austen', '1813-01-28', '9780141439518', 'Two people learn that first impressions are poor advice.'),
  ('Frankenstein', 'Mary Shelley', '1818-01-01', '9780141439471', 'A student makes a creature and will not answer for it.'),
  ('A Christmas Carol', 'Charles Dickens', '1843-12-19', '9780140439052', 'Three spirits teach a miser to keep Christmas.'),
  ('Moby-Dick', 'Herman Melville', '1851-10-18', '9780142437247', 'A captain hunts a white whale beyond all reason.'),
  ('Walden', 'Henry David Thoreau', '1854-08-09', '9780140390445', 'Two years in a cabin by a pond, told as one.'),
  ('On the Origin of Species', 'Charles Darwin', '1859-11-24', '9780140439120', 'How new kinds of life come from old ones.'),
  ('Treasure Island', 'Robert Louis Stevenson', '1883-11-14', '9780140437683', 'A boy, a map, and a cook with one leg.'),
  ('Dracula', 'Bram Stoker', '1897-05-26', '9780141439846', 'Letters and diaries about a count who casts no shadow.')";

/// Somebody to log in as, on a site that nobody but its maker reaches: the password is no secret, and its hash is that
/// of "correct horse battery staple".
const USER: &str = "\
INSERT INTO users (email, name, password_hash, is_active, is_staff, is_superuser, failed_logins, created_at) VALUES
  ('demo@example.org', 'Demo', '$argon2id$v=19$m=19456,t=2,p=1$bzgmCkXeFnJ9sV5OCRXPew$62GonPoNz/cKGp9eTm7mv9ahZurTB1C32BlBFn/MX8o',
   1, 1, 1, 0, '2026-11-28T12:00:00.000000+00:00')";
const USER_TABLE: &str = "apps/accounts/src/models/user.rs";
const LOGIN: &str = "as demo@example.org with the password: correct horse battery staple";

const PAGES: &[(&str, &str)] = &[
    ("/account/login", LOGIN),
    ("/books", "the books, as pages"),
    ("/admin", "the books and the users, for staff"),
    ("/api/books", "the books, as JSON"),
    ("/api/docs", "the API, to read and to try"),
];

/// What serves it again; an address may follow.
const AGAIN: &str = "luthier demo --port";

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    if !args.no_serve {
        devserver::check_free(args.port, AGAIN)?;
    }
    let root = context.directory.join(&args.folder);
    match project::occupied(&root)? {
        None => {
            let folder = args.folder.as_os_str();
            let line = [
                NAME.as_ref(),
                folder,
                "--database".as_ref(),
                "sqlite".as_ref(),
            ];
            say(context, &format!("startproject {NAME} --database sqlite"));
            startproject::run(&quietly(context, &context.directory), parsed(line)?)?;
        }
        Some(reason) => {
            check_is_demo(context, &root, &reason)?;
            let root = root.display();
            context
                .output
                .step("Using", format_args!("the demo in {root}"));
        }
    }
    let inside = quietly(context, &root);
    finish(context, &inside)?;
    let project = Project::find(&inside)?;
    reuse_own_dependencies(&project.root);
    if args.no_serve {
        context
            .output
            .step("Ready", format_args!("in {}", project.root.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let site = Site {
        root: &project.root,
        name: &project.name,
        address: args.port,
        pages: PAGES,
        environment: &[("DATABASE_URL", DATABASE)],
        url_variable: runserver::url_variable(&project),
        command: AGAIN,
        options: runserver::options(&project)?,
        reload_options: None,
        migrations: Some(runserver::migrations(&inside, Some(DATABASE))),
    };
    devserver::serve(&context.output, site)
}

/// Does what is left to do of the walk-through: all of it in a new project, and the rest where it was cut short.
fn finish(context: &Context, inside: &Context) -> Result<()> {
    if Project::find(inside)?.app(APP).is_none() {
        say(context, &format!("startapp {APP}"));
        startapp::run(inside, parsed([APP])?)?;
    }
    let project = Project::find(inside)?;
    if project.read(ENTITY)?.is_none() {
        say(context, &format!("startmodel {}", MODEL.join(" ")));
        startmodel::run(inside, parsed(MODEL)?)?;
    }
    let migrated = !project.list("migrations/sqlite", "sql")?.is_empty();
    if !migrated {
        say(context, "makemigrations");
        makemigrations::run(inside, parsed::<_, &str>([])?)?;
    }
    say(context, "migrate");
    migrate::run(inside, parsed(["--database-url", DATABASE])?)?;
    if !migrated {
        let url = project.database_url(Some(DATABASE))?;
        let has_users = project.read(USER_TABLE)?.is_some();
        let books = database::block_on(async {
            let mut database = Database::connect(&url).await?;
            let mut loaded = database.insert(BOOKS).await;
            if has_users && loaded.is_ok() {
                loaded = database.insert(USER).await.and(loaded);
            }
            database.close().await;
            loaded
        })?;
        context.output.step("Loaded", format_args!("{books} books"));
        if has_users {
            context
                .output
                .step("Loaded", format_args!("a user to log in {LOGIN}"));
        }
    }
    Ok(())
}

/// Where Luthier itself was built by `cargo run`, the crates that it has in common with the site are compiled already.
/// A site without them is built all the same, only later.
fn reuse_own_dependencies(root: &Path) {
    let own = std::env::current_exe().ok();
    let Some(own) = own.as_deref().and_then(Path::parent) else {
        return;
    };
    // Another profile compiles other crates.
    if own.ends_with("debug") && std::env::var_os("CARGO_TARGET_DIR").is_none() {
        let _ = devserver::reuse_dependencies(own, &root.join("target/debug"), "luthier");
    }
}

/// Nobody's own project is taken for the demo.
fn check_is_demo(context: &Context, root: &Path, occupied: &str) -> Result<()> {
    let is_demo = |project: Project| project.root == root && project.name == NAME;
    if Project::find(&quietly(context, root)).is_ok_and(is_demo) {
        return Ok(());
    }
    Err(
        Error::bad_input(format_args!("{occupied}, and not with the demo"))
            .hint("give another folder: `luthier demo DIR`"),
    )
}

fn say(context: &Context, command: &str) {
    context
        .output
        .step("Running", format_args!("luthier {command}"));
}

/// The same surroundings in `directory`, where only mistakes are worth a line: the demo tells the rest itself.
fn quietly(context: &Context, directory: &Path) -> Context {
    Context {
        directory: directory.to_owned(),
        output: context.output.quieter(),
        json: false,
        interactive: false,
        ..context.clone()
    }
}

/// The arguments as the command line would read them.
fn parsed<A: clap::Args, T: Into<std::ffi::OsString> + Clone>(
    line: impl IntoIterator<Item = T>,
) -> Result<A> {
    let command = A::augment_args(clap::Command::new("luthier").no_binary_name(true));
    let matches = command.try_get_matches_from(line)?;
    Ok(A::from_arg_matches(&matches)?)
}
