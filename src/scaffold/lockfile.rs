//! The `Cargo.lock` of a pack, put in cargo's order: pure.
//!
//! In the pack the project's crate has the place that the author's project had; `cargo build --locked` wants it in the
//! place of its own name. Which databases a project speaks to makes no difference: cargo locks optional packages too.

const PACKAGE: &str = "[[package]]\n";

/// `text` with its packages sorted by name.
pub(super) fn sorted(text: &str) -> String {
    let mut sections = text.split(PACKAGE).map(str::trim_end);
    let header = sections.next().unwrap_or_default();
    let mut packages: Vec<&str> = sections.collect();
    // Versions of one name are in order already, and cargo's order of them is not that of their text.
    packages.sort_by_key(|package| package.lines().next());
    let mut sorted = header.to_owned();
    for package in packages {
        sorted += &format!("\n\n{PACKAGE}{package}");
    }
    sorted + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projects_crate_comes_where_its_name_belongs() {
        let package = |name: &str, version: &str| {
            format!(
                "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [\n \"a\",\n]\n"
            )
        };
        let lock = |names: &[(&str, &str)]| {
            let packages = names.iter().map(|(name, version)| package(name, version));
            format!(
                "# made by cargo\nversion = 4\n{}",
                packages.collect::<String>()
            )
        };
        let shipped = lock(&[
            ("zoo", "0.1.0"),
            ("a", "1.0.0"),
            ("rand", "0.9.0"),
            ("rand", "0.10.0"),
        ]);
        let wanted = lock(&[
            ("a", "1.0.0"),
            ("rand", "0.9.0"),
            ("rand", "0.10.0"),
            ("zoo", "0.1.0"),
        ]);
        assert_eq!(sorted(&shipped), wanted);
        assert_eq!(sorted(&wanted), wanted);
    }
}
