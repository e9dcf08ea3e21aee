//! Generated projects: clean, tested, served, and true to the HTTP contract, bad requests included.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

mod access;
mod accessible;
mod account_pages;
mod accounts;
mod admin;
mod books;
mod browse;
mod browser;
mod chapters;
mod client;
#[path = "../common/mod.rs"]
mod common;
mod cover;
mod fields;
mod freshness;
mod fuzz;
mod hostile;
mod live;
mod pages;
mod people;
mod project;
mod proxied;
mod shutdown;
mod staff;
mod views;

use common::Outcome;
use common::servers::{Mysql, Postgres};
use project::{Demo, Project};

/// The design's walk-through up to its migrations.
fn bookstore(options: &[&str]) -> Project {
    let project = Project::start("bookstore", options);
    project.luthier("startapp books");
    project.luthier(
        "startmodel books Book title:string(200) author:string(100) publication_date:date \
         isbn:string(20):unique summary:text --access public",
    );
    project.luthier("makemigrations");
    project
}

#[test]
fn a_fresh_project_is_clean_and_greets() {
    let project = Project::start("bookstore", &[]);
    project.builds_as_shipped();
    project.check();
    let site = project.boot(&project.sqlite());
    pages::walk(&site.client);
    pages::look(&site.client);
}

#[test]
fn an_api_without_pages_is_clean_and_keeps_the_contract() {
    let project = bookstore(&["--scaffold", "api", "--database", "sqlite"]);
    project.check();
    let site = project.serve(&project.sqlite());
    books::walk(&site.client);
}

#[test]
fn an_app_without_models_is_clean() {
    let project = Project::start("my-shop", &[]);
    project.luthier("startapp books");
    project.luthier("startapp orders");
    project.check();
    let site = project.boot(&project.sqlite());
    pages::walk(&site.client);
}

#[test]
fn the_walk_through_holds_the_contract_on_sqlite() {
    let project = bookstore(&[]);
    project.check();
    let database = project.sqlite();
    let site = project.serve(&database);
    accounts::first_user(&project, &site, &database);
    accounts::many_at_once(&site);
    pages::walk(&site.client);
    books::walk(&site.client);
    browse::walk(&site.client);
    admin::walk(&project, &site.client, &database);
    accounts::walk(&project, &site, &database);
    account_pages::walk(&site);
    let staff = site.client.signed_in(admin::STAFF, admin::PASSWORD);
    accessible::walk(&site.client, &staff);
    fuzz::run(&site.client);
    fuzz::run_logged_in(&staff);
    hostile::walk(&site, &staff);
    shutdown::finishes_what_was_begun(site);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn the_walk_through_holds_the_contract_on_postgresql() {
    let database = Postgres::fresh();
    let project = bookstore(&[]);
    let site = project.serve(&database.url());
    pages::walk(&site.client);
    books::walk(&site.client);
    admin::walk(&project, &site.client, &database.url());
    accounts::walk(&project, &site, &database.url());
    fuzz::run(&site.client);
    shutdown::finishes_what_was_begun(site);
    proxied::walk(&project, &database.url());
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn the_walk_through_holds_the_contract_on_mariadb() {
    let database = Mysql::fresh();
    let project = bookstore(&["--database", "mysql,sqlite"]);
    project.check();
    project.tests_on(&database.url());
    let site = project.serve(&database.url());
    pages::walk(&site.client);
    books::walk(&site.client);
    admin::walk(&project, &site.client, &database.url());
    accounts::walk(&project, &site, &database.url());
    fuzz::run(&site.client);
    shutdown::finishes_what_was_begun(site);
}

/// A shop with every type of field, whose owner has written into the files of the admin.
fn shop() -> Project {
    let project = Project::start("shop-of-all", &[]);
    project.luthier("startapp shop");
    for model in fields::MODELS {
        project.luthier(&format!("{model} --access public"));
    }
    // The first brings the tags that are there.
    for model in cover::models(COVERED).0.iter().skip(1) {
        project.luthier(&format!("startmodel shop {model}"));
    }
    project.luthier("makemigrations");
    staff::declare(&project);
    project
}

/// How many models of the pairwise cover a shop has.
const COVERED: usize = 4;

#[test]
#[ignore = "takes half an hour: cargo nextest run --run-ignored only -E 'test(whole_cover)'"]
fn the_whole_cover_holds_on_every_database() {
    let project = Project::start("cover", &["--database", "sqlite,postgres,mysql"]);
    project.luthier("startapp shop");
    for model in cover::models(usize::MAX).0 {
        project.luthier(&format!("startmodel shop {model}"));
    }
    project.luthier("makemigrations");
    project.check();
    let (postgres, mysql) = (Postgres::fresh(), Mysql::fresh());
    for database in [project.sqlite(), postgres.url(), mysql.url()] {
        let site = project.serve(&database);
        cover::walk(&project, &site.client, &database);
    }
}

#[test]
fn every_type_of_field_holds_the_contract_on_sqlite() {
    let project = shop();
    project.check();
    let site = project.serve(&project.sqlite());
    fields::walk(&site.client);
    staff::walk(&project, &site.client, &project.sqlite());
    cover::walk(&project, &site.client, &project.sqlite());
    fuzz::run(&site.client);
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn every_type_of_field_holds_the_contract_on_postgresql() {
    let database = Postgres::fresh();
    let project = shop();
    project.tests_of("shop", &database.url());
    let site = project.serve(&database.url());
    fields::walk(&site.client);
    staff::walk(&project, &site.client, &database.url());
    cover::walk(&project, &site.client, &database.url());
    fuzz::run(&site.client);
}

#[test]
fn every_access_holds_from_the_first_request_on() {
    let project = Project::start("bookstore", &[]);
    project.luthier("startapp books");
    for model in access::MODELS {
        project.luthier(model);
    }
    project.luthier("makemigrations");
    project.check();
    let database = project.sqlite();
    let site = project.serve(&database);
    access::walk(&project, &site.client, &database);
}

#[test]
fn accounts_come_later_to_a_project_made_without() {
    let project = Project::start("later", &["--set", "accounts=false"]);
    project.luthier("startapp books");
    project.luthier("startmodel books Book title:string(200) --pages");
    // With users of its own, who belong to a company.
    project.luthier("startapp people");
    project.luthier("startmodel people Company name:string(100)");
    project.luthier(
        "startmodel people Person email:email:unique name:string(150) company:ref(people.Company)? --no-api",
    );
    project.luthier("makemigrations");
    project.builds_as_shipped();
    people::fill_in(&project);
    project.luthier("add accounts --user-model people.Person");
    project.luthier("makemigrations --default people.created_at=CURRENT_TIMESTAMP");
    project.luthier("startmodel books Note title:string(200) --access owner");
    project.luthier("makemigrations");
    // And logins by providers later still.
    project.luthier("add external-login");
    project.luthier("makemigrations");
    // And pages for staff, with the models that are there.
    project.luthier("add admin");
    project.luthier("makemigrations");
    project.check_versions_apart();
    let env = project.sandbox.read(".env");
    let half = format!("{env}GOOGLE_CLIENT_ID=later\n");
    project.sandbox.write(".env", &half);
    Outcome::of(&mut project.luthier_on("createsuperuser me@example.org", &project.sqlite()))
        .code(1)
        .stderr_has("GOOGLE_CLIENT_ID is set, and GOOGLE_CLIENT_SECRET is not");
    let whole = format!("{half}GOOGLE_CLIENT_SECRET=hush\n");
    project.sandbox.write(".env", whole);
    let site = project.serve(&project.sqlite());
    people::walk(&project, &site.client);
    let login = site.client.get("/account/login").status(200).text();
    assert!(login.contains("Log in with Google"), "{login}");
    assert!(!login.contains("GitHub"), "{login}");
    site.client.get("/api/books").status(200);
    site.client.get("/api/notes").problem(401);
    for model in ["book", "note"] {
        let page = site
            .client
            .get_as(&format!("/admin/books/{model}"), "text/html");
        page.status(303);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn one_database_alone_is_enough() {
    let project = bookstore(&["--database", "sqlite"]);
    project.check();
    let site = project.serve(&project.sqlite());
    books::walk(&site.client);
    drop((site, project));

    let database = Postgres::fresh();
    let project = bookstore(&["--database", "postgres"]);
    project.check();
    project.tests_on(&database.url());
    let site = project.serve(&database.url());
    books::walk(&site.client);
}

#[test]
fn a_site_whose_migrations_are_pending_is_alive_but_not_ready() {
    let project = bookstore(&[]);
    let site = project.boot(&project.sqlite());
    site.client.get("/healthz").status(200);
    site.client.get("/readyz").problem(503);
    project.luthier(&format!("migrate --database-url {}", project.sqlite()));
    site.client.get("/readyz").status(200);
}

#[test]
fn the_demo_is_served_and_kept_current() {
    let demo = Demo::start();
    let site = &demo.client;
    assert_eq!(site.get("/api/books").status(200).json()["count"], 8);
    let found = site.get("/api/books?search=whale").status(200).json();
    assert_eq!(found["results"][0]["title"], "Moby-Dick");
    pages::walk(site);
    demo.shares_crates_with_luthier();

    // A page is read from disk, without a build.
    demo.edit("templates/welcome.html", "It plays!", "It hums!");
    assert!(site.get("/").text().contains("It hums!"));
    // A handler is built, and then the new site serves.
    #[cfg(target_os = "linux")]
    demo.running.says("fast rebuild is prepared", 1);
    demo.edit("apps/books/src/urls.rs", "\"/books\"", "\"/library\"");
    let heard = demo.running.says("generation 2 in ", 1);
    if cfg!(target_os = "linux") {
        assert!(heard.contains("Built  books in "), "{heard}");
    }
    site.get("/library").status(200);
    site.get("/books").problem(404);
    assert_eq!(demo.running.heard().matches("Built").count(), 2);
    live::walk(&demo);
    assert!(demo.running.stop("-INT").success());
}
