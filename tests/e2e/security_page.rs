//! The page for security reviewers: every test that it names is there.

use std::path::Path;

#[test]
fn every_test_that_the_page_names_is_there() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("scaffolds/web/project");
    let read = |path: &str| std::fs::read_to_string(pack.join(path)).unwrap_or_default();
    let page = read("docs/security.md.hbs");
    let named: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|text| text.contains("::"))
        .collect();
    assert!(named.len() > 60, "{named:?}");
    for name in named {
        let (module, function) = name.rsplit_once("::").expect("it has a module");
        let file = format!(
            "apps/accounts/tests/accounts/{}.rs",
            module.replace("::", "/")
        );
        let text = read(&file) + &read(&format!("{file}.hbs"));
        assert!(text.contains(&format!("fn {function}(")), "{name}: {file}");
    }
}
