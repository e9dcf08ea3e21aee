//! Who may do what: handlers of models beside users.

use super::*;

#[test]
fn handlers_ask_first_who_it_is() {
    for (access, read, write) in [
        (Access::Public, "fn list(State", "fn create(State"),
        (
            Access::ReadOnly,
            "fn list(State",
            "fn create(\n    _: User,\n",
        ),
        (
            Access::Authenticated,
            "fn list(\n    _: User,\n",
            "fn create(\n    _: User,\n",
        ),
        (
            Access::Staff,
            "fn list(\n    _: Staff,\n",
            "fn create(\n    _: Staff,\n",
        ),
    ] {
        let asked = Asked {
            access,
            ..Asked::new("Product", &["body:text"])
        };
        let shown = asked.shown();
        assert!(shown.contains(read), "{read}: {shown}");
        assert!(
            shown.contains(write) || access == Access::Public,
            "{write}: {shown}"
        );
        let secured = shown.matches("security((").count();
        let expected = match access {
            Access::Public => 0,
            Access::ReadOnly => 4,
            _ => 6,
        };
        assert_eq!(secured, expected, "{access:?}");
        let of_users = shown.contains("accounts::testing::tables(schema)");
        assert_eq!(of_users, access != Access::Public, "{shown}");
    }
}

#[test]
fn a_model_beside_users_takes_the_extractor_from_its_own_crate() {
    let mut asked = Asked::new("Note", &["body:text"]);
    asked.access = Access::ReadOnly;
    let text = asked.shown();
    assert!(text.contains("use accounts::User;\nuse axum"), "{text}");
    let request = Request {
        app: "accounts",
        model: "Profile",
        fields: &parse_all(&["body:text".to_owned()]).unwrap(),
        typed: &["body:text".to_owned()],
        key: Key::I64,
        route: None,
        api: true,
        admin: false,
        access: Access::ReadOnly,
        entities: &asked.entities,
        namespace: Namespace::Crates,
    };
    let (model, _) = Model::new(&request).unwrap();
    let pack = Pack::built_in("web").unwrap().unwrap();
    let known = values::of_project("shop", &[Dialect::Sqlite], &pack, &Choices::default());
    let files = pack
        .render("model", &values::with(&known, &model).unwrap())
        .unwrap();
    let api = files
        .iter()
        .find(|file| file.path.starts_with("src/api"))
        .unwrap();
    let text = String::from_utf8(api.contents.clone()).unwrap();
    assert!(
        text.contains("\nuse crate::User;\nuse crate::models::profile::{"),
        "{text}"
    );
    assert_formatted(&text);
}

#[test]
fn who_is_signed_in_is_no_reference_to_nothing() {
    let mut asked = Asked::new("Profile", &["bio:text", "user:one(accounts.User)"]);
    let conflict = "refers_to_nothing_is_a_conflict";
    assert!(asked.shown().contains(conflict));
    asked.access = Access::ReadOnly;
    let shown = asked.shown();
    assert!(!shown.contains(conflict), "{shown}");
    asked.fields = &["author:ref(books.Author)", "user:one(accounts.User)"];
    assert!(asked.shown().contains(conflict));
}
