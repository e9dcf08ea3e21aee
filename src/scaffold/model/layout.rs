//! Code in the layout that rustfmt would give it, for parts whose width depends on names. Pure.
//!
//! What follows `indent` blanks begins on a line of its own; the first line is given without them.
//! The widths are rustfmt's defaults: <https://rust-lang.github.io/rustfmt/?version=v1.9.0#use_small_heuristics>.

const MAX_WIDTH: usize = 100;
const ATTRIBUTE_WIDTH: usize = 70;
const ARRAY_WIDTH: usize = 60;
const CHAIN_WIDTH: usize = 60;

/// `#[name(args)]`; nothing without arguments.
pub(super) fn attribute(name: &str, args: &[String], indent: usize) -> Option<String> {
    if args.is_empty() {
        return None;
    }
    let joined = args.join(", ");
    let line = format!("#[{name}({joined})]");
    let narrow = args.len() == 1 || width(&joined) <= ATTRIBUTE_WIDTH;
    let fits = narrow && indent + width(&line) < MAX_WIDTH;
    // rustfmt leaves alone what is not made of literals and words alone.
    if fits || !is_meta(args) {
        return Some(line);
    }
    let inner = blanks(indent + 4);
    let outer = blanks(indent);
    let args = args.join(&format!(",\n{inner}"));
    Some(format!("#[{name}(\n{inner}{args}\n{outer})]"))
}

/// Whether every argument is a word, `word = literal` or `word(…)` of such.
fn is_meta(args: &[String]) -> bool {
    let literal =
        |value: &str| value.starts_with(|c: char| c == '"' || c == '-' || c.is_ascii_digit());
    args.iter().all(|arg| match arg.split_once(" = ") {
        Some((word, value)) if !word.contains('(') => {
            literal(value) || matches!(value, "true" | "false")
        }
        _ => !arg.contains("::<"),
    })
}

/// `[items]` behind `before` characters of the same line.
pub(super) fn array(items: &[String], indent: usize, before: usize) -> String {
    let joined = items.join(", ");
    if !joined.contains('\n')
        && width(&joined) <= ARRAY_WIDTH
        && indent + before + width(&joined) + 2 < MAX_WIDTH
    {
        return format!("[{joined}]");
    }
    let inner = blanks(indent + 4);
    let outer = blanks(indent);
    let lines: Vec<String> = items
        .iter()
        .map(|item| format!("{inner}{item},\n"))
        .collect();
    format!("[\n{}{outer}]", lines.concat())
}

/// An array of pairs, as [`array`].
pub(in crate::scaffold) fn pairs(
    pairs: &[(String, String)],
    indent: usize,
    before: usize,
) -> String {
    let fits = |(a, b): &(String, String)| width(a) + width(b) + 2 <= ARRAY_WIDTH;
    let broken = |(a, b): &(String, String), indent: usize| {
        let inner = blanks(indent + 4);
        let b = match b.strip_suffix(".into()") {
            Some(value) if width(b) > CHAIN_WIDTH => format!("{value}\n{inner}    .into()"),
            _ => b.to_owned(),
        };
        format!("(\n{inner}{a},\n{inner}{b},\n{})", blanks(indent))
    };
    if let [pair] = pairs {
        return match fits(pair) {
            true => format!("[({}, {})]", pair.0, pair.1),
            false => format!("[{}]", broken(pair, indent)),
        };
    }
    let items: Vec<String> = pairs
        .iter()
        .map(|pair| match fits(pair) {
            true => format!("({}, {})", pair.0, pair.1),
            false => broken(pair, indent + 4),
        })
        .collect();
    array(&items, indent, before)
}

/// `.name(argument)` on a line of its own.
pub(in crate::scaffold) fn call(name: &str, argument: &str, indent: usize) -> String {
    let line = format!("{name}({argument})");
    if indent + width(&line) <= MAX_WIDTH {
        return line;
    }
    let outer = blanks(indent);
    format!("{name}(\n{outer}    {argument},\n{outer})")
}

/// `base.first(…).second(…)` as the last expression of a block.
pub(in crate::scaffold) fn chain(base: &str, calls: &[String], indent: usize) -> String {
    let line = format!("{}{base}{}", blanks(indent), calls.concat());
    let most = if calls.len() == 1 {
        MAX_WIDTH
    } else {
        CHAIN_WIDTH + indent
    };
    if width(&line) <= most {
        return line;
    }
    let start = format!("\n{}", blanks(indent + 4));
    format!("{}{base}{start}{}", blanks(indent), calls.join(&start))
}

/// `use path::{names};` or `use path::name;`, the names in the order given.
pub(super) fn import(path: &str, names: &[String]) -> String {
    if let [name] = names {
        return format!("use {path}::{name};");
    }
    let line = format!("use {path}::{{{}}};", names.join(", "));
    if width(&line) < MAX_WIDTH - 1 {
        return line;
    }
    let mut lines = vec![String::new()];
    for (index, name) in names.iter().enumerate() {
        // What follows a comma needs a blank, even at the end of a line, but for the first line if it ends the list.
        let blank = usize::from(index + 1 < names.len() || lines.len() > 1);
        let last = lines.last_mut().map_or(0, |last| width(last));
        // Four blanks before, a comma behind.
        if last > 0 && 4 + last + 1 + width(name) + 1 + blank > MAX_WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(name);
            line.push(',');
        }
    }
    format!("use {path}::{{\n    {}\n}};", lines.join("\n    "))
}

fn blanks(count: usize) -> String {
    " ".repeat(count)
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scaffold::wire::assert_formatted;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]
        #[test]
        fn rustfmt_agrees(
            args in any_arguments(),
            items in proptest::collection::vec("Column::[A-Z][a-z]{0,30}", 1..6),
            tuples in proptest::collection::vec(any_pair(), 1..4),
            names in proptest::collection::btree_set("[A-Z][a-z]{0,25}x", 1..9),
            calls in proptest::collection::vec("\\.a\\([a-z]{1,30}_::[a-z]{1,30}_::Entity\\)", 1..3),
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let import = import("crate::models::book", &names);
            let attribute = attribute("sea_orm", &args, 4).expect("there are arguments");
            let array = array(&items, 4, 16);
            let pairs = pairs(&tuples, 4, 13);
            let chain = chain("schema", &calls, 4);
            assert_formatted(&format!(
                "{import}\n\nstruct Model {{\n    {attribute}\n    field: i64,\n}}\n\n\
                 fn f() {{\n    let ordering = &{array};\n    let wanted = {pairs};\n{chain}\n}}\n"
            ));
        }
    }

    fn any_arguments() -> impl Strategy<Value = Vec<String>> {
        let arg = prop_oneof![
            "[a-z]{1,12}",
            "default_value = \"[a-z]{0,80}\"",
            "max = -?[0-9]{1,4}",
            "length\\(chars, min = 1, max = [0-9]{1,4}\\)",
            "inner\\(custom\\(fields::[a-z]{1,9}\\)\\)",
            "custom\\(fields::decimal::<[0-9]{1,2}, 2>\\)",
            "value_type = Option<String>",
            "format = [A-Z][a-z]{0,9}",
        ];
        proptest::collection::vec(arg, 1..5)
    }

    fn any_pair() -> impl Strategy<Value = (String, String)> {
        "[a-z]{1,62}x".prop_map(|name| {
            use heck::ToUpperCamelCase;
            (
                format!("Column::{}", name.to_upper_camel_case()),
                format!("self.{name}.into()"),
            )
        })
    }
}
