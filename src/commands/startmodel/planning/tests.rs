use std::collections::BTreeMap;
use std::path::Path;

use clap::Parser;

use super::*;
use crate::files::Texts;
use crate::plan::Step;
use crate::project::Project;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

/// A project with an app `books` and nothing on a disk: its files by their paths.
struct Shop {
    project: Project,
    files: BTreeMap<String, String>,
}

impl Shop {
    fn new() -> Self {
        let text = "[project]\nname = \"shop\"\napps = [\"books\"]\n\n\
                    [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\n[database]\ndialects = [\"sqlite\"]\n";
        let project = Project::of_text(Path::new("/shop"), text).unwrap();
        let mut files = BTreeMap::from([(
            "Cargo.toml".to_owned(),
            "[workspace]\nmembers = [\"apps/books\"]\n\n[workspace.dependencies]\n".to_owned(),
        )]);
        for (path, text) in [
            (
                "Cargo.toml",
                "[package]\nname = \"books\"\n\n[dependencies]\n",
            ),
            ("src/models.rs", "//! The models.\n"),
            (
                "src/api.rs",
                "//! The API.\n\nuse platform::OpenApiRouter;\n\n\
                 pub fn router() -> OpenApiRouter {\n    OpenApiRouter::new()\n}\n",
            ),
        ] {
            files.insert(format!("apps/books/{path}"), text.to_owned());
        }
        Self { project, files }
    }

    fn plan(&self, line: &str) -> Result<Planned> {
        let mut texts = Texts::default();
        for (path, text) in &self.files {
            texts.add_file(path.clone(), Some(text.clone()));
        }
        texts.add_file("Cargo.lock".to_owned(), None);
        texts.add_folder("apps/books/src", "rs");
        texts.add_folder("apps/books/tests", "rs");
        let words = ["startmodel"].into_iter().chain(line.split(' '));
        plan(
            Command::parse_from(words).args,
            &Known::new(&self.project, texts)?,
        )
    }

    /// Plans a model, and has the files as the plan leaves them.
    fn add(&mut self, line: &str) -> Vec<String> {
        let planned = self.plan(line).unwrap();
        let mut changed = Vec::new();
        for step in planned.plan.steps {
            let path = step.path().to_str().unwrap().to_owned();
            let text = match step {
                Step::Create { contents, .. } => String::from_utf8(contents).unwrap(),
                Step::Edit { before, after, .. } => {
                    assert_eq!(self.files[&path], before);
                    after
                }
                other => panic!("{other:?}"),
            };
            if self.files.insert(path.clone(), text.clone()) != Some(text) {
                changed.push(path);
            }
        }
        changed
    }
}

#[test]
fn a_plan_names_the_new_files_and_the_edits_and_is_empty_the_second_time() {
    let mut shop = Shop::new();
    let line = "books Book title:string(200) tags:many(books.Tag)";
    shop.add("books Tag name:slug:unique");
    insta::assert_snapshot!(shop.add(line).join("\n"), @r"
    apps/books/src/api/book.rs
    apps/books/src/models/book.rs
    apps/books/tests/book.rs
    apps/books/src/api/book_tag.rs
    apps/books/src/models/book_tag.rs
    apps/books/tests/book_tag.rs
    apps/books/src/models.rs
    apps/books/src/api.rs
    ");
    assert_eq!(shop.add(line), [""; 0]);
}

#[test]
fn a_model_that_its_owner_has_edited_is_left_alone() {
    let mut shop = Shop::new();
    shop.add("books Book title:string(200)");
    let entity = shop.files.get_mut("apps/books/src/models/book.rs").unwrap();
    entity.push_str("// mine\n");
    let error = shop.plan("books Book title:string(200)").unwrap_err();
    insta::assert_snapshot!(error, @"the model `Book` is there already, and apps/books/src/models/book.rs is not what this command makes");
}

#[test]
fn bad_input_ends_before_there_is_a_plan() {
    let mut shop = Shop::new();
    shop.add("books Tag name:text");
    let said: Vec<String> = [
        "book Book title:text",
        "books Tag name:text:unique",
        "books Book title:txt",
        "books Book author:ref(books.Author)",
        "books Book title:text --access owner",
        "books Label name:text --route tags",
    ]
    .map(|line| format!("{line}\n  {}", shop.plan(line).unwrap_err()))
    .into();
    insta::assert_snapshot!(said.join("\n"), @r"
    book Book title:text
      there is no app `book`
    books Tag name:text:unique
      the model `Tag` is there already, and apps/books/src/models/tag.rs is not what this command makes
    books Book title:txt
      `txt` is not a type of field
        title:txt
              ^^^
    books Book author:ref(books.Author)
      there is no model `books.Author`
        author:ref(books.Author)
                   ^^^^^^^^^^^^
    books Book title:text --access owner
      --access owner needs users, and this project has no accounts
    books Label name:text --route tags
      `/api/tags` is the address of books's `tag` already
    ");
}
