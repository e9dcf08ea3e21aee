//! Accounts for a project that has users already: `luthier add accounts --user-model`.

use crate::common::Sandbox;

/// What accounts need of an entity, as its owner writes it there.
const COLUMNS: &str = "\
    #[serde(skip)]
    #[schema(ignore)]
    pub password_hash: Option<platform::password::PasswordHash>,
    #[sea_orm(default_value = true)]
    pub is_active: bool,
    #[sea_orm(default_value = false)]
    pub is_staff: bool,
    #[sea_orm(default_value = false)]
    pub is_superuser: bool,
    #[serde(skip)]
    #[schema(ignore)]
    #[sea_orm(default_value = 0)]
    pub failed_logins: i32,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: DateTimeUtc,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<DateTimeUtc>,
";
const ENTITY: &str = "apps/people/src/models/user.rs";
const ADD: [&str; 4] = ["add", "accounts", "--user-model", "people.User"];

/// A shop whose people are in a table of its own.
fn project(more: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox
        .run([
            "startproject",
            "shop",
            "--no-git",
            "--set",
            "accounts=false",
        ])
        .success();
    sandbox.cd("shop");
    sandbox.run(["startapp", "people"]).success();
    sandbox
        .run(["startmodel", "people", "Company", "name:string(100)"])
        .success();
    let user = [
        "startmodel",
        "people",
        "User",
        "email:email:unique",
        "name:string(150)",
        "company:ref(people.Company)?",
    ];
    sandbox.run([&user, more].concat()).success();
    sandbox
}

/// The user as accounts need it.
fn fill_in(sandbox: &Sandbox) {
    let text = sandbox.read(ENTITY);
    let text = text
        .replace(
            "DeriveEntityModel)]",
            "DeriveEntityModel, Serialize, ToSchema)]",
        )
        .replace(
            "    pub name: String,\n",
            &format!("    pub name: String,\n{COLUMNS}"),
        );
    sandbox.write(ENTITY, text);
}

#[test]
fn the_users_of_a_project_become_those_of_its_accounts() {
    let sandbox = project(&["--no-api"]);
    sandbox.run(["makemigrations"]).success();
    fill_in(&sandbox);
    let before = sandbox.snapshot("");
    sandbox
        .run([&ADD[..], &["--dry-run"]].concat())
        .success()
        .stdout_has("create  apps/accounts/src/models.rs")
        .stdout_has("+user_model = \"people.User\"");
    assert_eq!(sandbox.snapshot(""), before);
    sandbox
        .run(ADD)
        .success()
        .stderr_has("Users are rows of people.User");
    assert!(!sandbox.exists("apps/accounts/src/models/user.rs"));
    let models = sandbox.read("apps/accounts/src/models.rs");
    assert!(models.contains("pub use people::models::user;"), "{models}");
    let session = sandbox.read("apps/accounts/src/models/session.rs");
    assert!(
        session.contains("BelongsTo<people::models::user::Entity>"),
        "{session}"
    );
    let tables = sandbox.read("apps/accounts/src/testing.rs");
    assert!(
        tables.contains(".register(people::models::company::Entity)"),
        "{tables}"
    );

    // Once more changes nothing, with the option or without.
    let added = sandbox.snapshot("");
    sandbox.run(ADD).success().stderr_has("nothing to do");
    sandbox.run(["add", "accounts"]).success();
    assert_eq!(sandbox.snapshot(""), added);
    sandbox
        .run(["add", "accounts", "--user-model", "people.Company"])
        .code(2)
        .stderr_has("their users are `people.User`");

    // One table of users, which the others refer to.
    sandbox
        .run([
            "makemigrations",
            "--default",
            "users.created_at=CURRENT_TIMESTAMP",
        ])
        .success();
    let migrations: String = sandbox
        .files("migrations/postgres")
        .iter()
        .filter(|file| file.ends_with(".up.sql"))
        .map(|file| sandbox.read(format!("migrations/postgres/{file}")))
        .collect();
    assert_eq!(
        migrations.matches("CREATE TABLE \"users\"").count(),
        1,
        "{migrations}"
    );
    assert!(migrations.contains("REFERENCES \"users\""), "{migrations}");
    sandbox.run(["makemigrations", "--check"]).success();

    // What comes later knows them, too.
    sandbox.run(["startapp", "books"]).success();
    sandbox
        .run([
            "startmodel",
            "books",
            "Note",
            "title:string(20)",
            "--access",
            "owner",
        ])
        .success();
    let note = sandbox.read("apps/books/src/models/note.rs");
    assert!(
        note.contains("owner: BelongsTo<people::models::user::Entity>"),
        "{note}"
    );
    sandbox
        .run([
            "startmodel",
            "people",
            "Pet",
            "name:string(20)",
            "--access",
            "owner",
        ])
        .code(2)
        .stderr_has("people → accounts → people");
    sandbox
        .run(["add", "external-login"])
        .success()
        .stderr_has("create  apps/accounts/src/models/external_identity.rs");
    sandbox
        .run(["add", "admin"])
        .success()
        .stderr_has("because accounts depend on their app, which so cannot depend on the admin: people.company")
        .stderr_lacks("people.user");
}

#[test]
fn a_model_that_lacks_something_is_refused_and_nothing_is_written() {
    let sandbox = project(&[]);
    let before = sandbox.snapshot("");
    sandbox
        .run(ADD)
        .code(2)
        .stderr_has("`people.User` lacks what accounts need of their users: change apps/people/src/models/user.rs")
        .stderr_has("add the column `password_hash`")
        .stderr_has("pub is_staff: bool,")
        .stderr_has("apps/people/src/api/user.rs lets everybody add and change users")
        .stderr_lacks("the column `email`");
    sandbox
        .run(["add", "accounts", "--user-model", "people.Person"])
        .code(2)
        .stderr_has("the models are people.Company, people.User");
    sandbox
        .run(["add", "accounts", "--user-model", "people"])
        .code(2)
        .stderr_has("not of the form APP.MODEL");
    sandbox
        .run(["add", "admin", "--user-model", "people.User"])
        .code(2);
    // Without the option there would be two tables of one name.
    sandbox
        .run(["add", "accounts"])
        .code(2)
        .stderr_has("`accounts` brings the table `users`, and people.User has one by that name")
        .stderr_has("luthier add accounts --user-model people.User");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn no_feature_brings_a_table_that_is_there() {
    let sandbox = project(&["--no-api"]);
    for (model, table) in [("Group", "groups"), ("Session", "sessions")] {
        sandbox
            .run(["startmodel", "people", model, "title:string(20)"])
            .success();
        sandbox
            .run(["add", "accounts"])
            .code(2)
            .stderr_has(&format!(
                "brings the table `{table}`, and people.{model} has one"
            ))
            .stderr_has(&format!("--rename-table {table}=NEW"));
    }
}
