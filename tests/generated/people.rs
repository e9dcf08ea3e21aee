//! Accounts whose users are a model that the project had before.

use serde_json::json;

use crate::client::Client;
use crate::project::Project;

const ENTITY: &str = "apps/people/src/models/person.rs";
const PASSWORD: &str = "four words of my own";

/// Writes into the entity what `luthier add accounts` says that it lacks.
pub(crate) fn fill_in(project: &Project) {
    let refused = project
        .sandbox
        .run(["add", "accounts", "--user-model", "people.Person"])
        .code(2)
        .stderr;
    let is_code = |line: &&str| line.starts_with("#[") || line.starts_with("pub ");
    let columns: String = refused
        .lines()
        .map(str::trim)
        .filter(is_code)
        .map(|line| format!("    {line}\n"))
        .collect();
    let entity = project.sandbox.read(ENTITY);
    let entity = entity
        .replace(
            "use sea_orm::entity::prelude::*;\n",
            "use sea_orm::entity::prelude::*;\nuse serde::Serialize;\nuse utoipa::ToSchema;\n",
        )
        .replace(
            "DeriveEntityModel)]",
            "DeriveEntityModel, Serialize, ToSchema)]",
        )
        .replace(
            "    pub name: String,\n",
            &format!("    pub name: String,\n{columns}"),
        )
        .replace(
            "    pub company: BelongsTo",
            "    #[schema(ignore)]\n    pub company: BelongsTo",
        );
    project.sandbox.write(ENTITY, entity);
}

/// Somebody of the model logs in, and owns rows.
pub(crate) fn walk(project: &Project, site: &Client) {
    let company = site
        .post("/api/companies", &json!({ "name": "Selmer" }))
        .status(201);
    assert_eq!(company.json()["name"], "Selmer");
    let line = ["createsuperuser", "ada@example.org", "--password-stdin"];
    project.program(&line, PASSWORD, &project.sqlite());
    let ada = site.signed_in("ada@example.org", PASSWORD);
    let me = ada.get("/api/account/session").status(200).text();
    assert!(me.contains("company_id") && !me.contains("argon2"), "{me}");
    ada.post("/api/notes", &json!({ "title": "mine" }))
        .status(201);
    let page = ada.get("/admin/accounts/user").status(200).text();
    assert!(page.contains("ada@example.org"), "{page}");
    ada.get("/admin/books/note").status(200);
}
