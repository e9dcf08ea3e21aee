//! The changes between two generated texts, made in a third that its owner has edited since. Only what is new is
//! added; a place that is not as it was generated any more is a [`Unwirable`] with the lines to write.

use diffy::{DiffOptions, Line};

use super::{Unwirable, newline};

/// One change of a few lines in a row.
#[derive(Debug)]
struct Hunk {
    /// Where it is in the old text, in lines from 0; nothing is taken out if it is empty.
    old: std::ops::Range<usize>,
    new: Vec<String>,
}

/// `text` with what is different between `before` and `after`, unless it is there already.
///
/// # Errors
/// Every change whose place is lost; nothing is changed then.
pub(crate) fn carry_over(before: &str, after: &str, text: &str) -> Result<String, Vec<Unwirable>> {
    let ending = newline(text);
    let mut current = text.replace('\r', "");
    let mut lost = Vec::new();
    let lines: Vec<&str> = before.split_inclusive('\n').collect();
    for hunk in hunks(before, after) {
        if hunk.is_in(&current) {
            continue;
        }
        let changed = [
            &lines[..hunk.old.start],
            &hunk.new.iter().map(String::as_str).collect::<Vec<_>>(),
            &lines[hunk.old.end..],
        ]
        .concat()
        .concat();
        let merged = diffy::merge(before, &current, &changed).ok();
        match merged.or_else(|| hunk.beside_its_neighbours(&lines, &current)) {
            Some(merged) => current = merged,
            None => lost.push(hunk.unwirable(&lines)),
        }
    }
    match lost.is_empty() {
        true => Ok(current.replace('\n', ending)),
        false => Err(lost),
    }
}

fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let mut options = DiffOptions::new();
    let patch = options.set_context_len(0).create_patch(before, after);
    let hunk = |hunk: &diffy::Hunk<'_, str>| {
        let range = hunk.old_range();
        // Lines count from 1, but a change that takes none out stands behind the line that it names.
        let start = range.start() - usize::from(!range.is_empty());
        let inserted = hunk.lines().iter().filter_map(|line| match line {
            Line::Insert(text) => Some((*text).to_owned()),
            _ => None,
        });
        Hunk {
            old: start..start + range.len(),
            new: inserted.collect(),
        }
    };
    patch.hunks().iter().map(hunk).collect()
}

impl Hunk {
    /// Whether its owner has made the change by hand: the new lines stand in `text` in a row.
    fn is_in(&self, text: &str) -> bool {
        let wanted: Vec<&str> = self.new.iter().map(|line| line.trim()).collect();
        let says_something = |line: &&str| line.contains(char::is_alphanumeric);
        let present: Vec<&str> = text.lines().map(str::trim).collect();
        wanted.iter().any(says_something)
            && present.windows(wanted.len()).any(|window| window == wanted)
    }

    /// New lines between two that are still there once, though something else came between them.
    fn beside_its_neighbours(&self, before: &[&str], text: &str) -> Option<String> {
        if !self.old.is_empty() {
            return None;
        }
        let at = self.old.start;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let place = after_once(&lines, &before[at.saturating_sub(2)..at])
            .or_else(|| before_once(&lines, before.get(at..at + 2)?))?;
        let new: Vec<&str> = self.new.iter().map(String::as_str).collect();
        Some([&lines[..place], &new, &lines[place..]].concat().concat())
    }

    fn unwirable(&self, before: &[&str]) -> Unwirable {
        let add: String = self.new.concat().trim_end().to_owned();
        let shown = |lines: &[&str]| {
            let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
            lines.join(" ")
        };
        let said = |line: &&&str| line.contains(char::is_alphanumeric);
        let (why, place) = match self.old.is_empty() {
            false => {
                let old = shown(&before[self.old.clone()]);
                (
                    format!("`{old}` is not there as it was generated"),
                    format!("in place of `{old}`"),
                )
            }
            true => match before[..self.old.start].iter().rev().find(said) {
                Some(line) => (
                    format!("`{}` is not there as it was generated", line.trim()),
                    format!("behind `{}`", line.trim()),
                ),
                None => (
                    "its first lines have changed".to_owned(),
                    "on top".to_owned(),
                ),
            },
        };
        Unwirable { why, add, place }
    }
}

/// Behind the only place in `lines` where `wanted` stands.
fn after_once(lines: &[&str], wanted: &[&str]) -> Option<usize> {
    once(lines, wanted).map(|at| at + wanted.len())
}

/// In front of the only place in `lines` where `wanted` stands.
fn before_once(lines: &[&str], wanted: &[&str]) -> Option<usize> {
    once(lines, wanted)
}

fn once(lines: &[&str], wanted: &[&str]) -> Option<usize> {
    let says_something = |line: &&str| line.contains(char::is_alphanumeric);
    if wanted.is_empty() || !wanted.iter().any(says_something) {
        return None;
    }
    let mut found = lines
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| window == &wanted)
        .map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Some(at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str =
        "use a::{A, C};\n\nstruct S {\n    one: u8,\n    two: u8,\n}\n\nfn f() {\n    g();\n}\n";
    const AFTER: &str = "use a::{A, B, C};\n\nstruct S {\n    one: u8,\n    two: u8,\n    three: u8,\n}\n\nfn f() {\n    g();\n    h();\n}\n";

    #[test]
    fn an_untouched_text_becomes_the_new_one() {
        assert_eq!(carry_over(BEFORE, AFTER, BEFORE).unwrap(), AFTER);
        assert_eq!(carry_over(BEFORE, AFTER, AFTER).unwrap(), AFTER);
        assert_eq!(carry_over(BEFORE, BEFORE, AFTER).unwrap(), AFTER);
        assert_eq!(carry_over("", AFTER, "").unwrap(), AFTER);
        let windows = BEFORE.replace('\n', "\r\n");
        assert_eq!(
            carry_over(BEFORE, AFTER, &windows).unwrap(),
            AFTER.replace('\n', "\r\n")
        );
    }

    #[test]
    fn edits_stay_wherever_they_are() {
        for (from, to) in [
            ("    one: u8,\n", "    zero: u8,\n    one: u16,\n"),
            // Right where something new comes.
            ("    two: u8,\n", "    two: u8,\n    mine: u8,\n"),
            ("    g();\n", "    g();\n    mine();\n"),
            ("fn f", "/// Mine.\nfn f"),
        ] {
            let edited = BEFORE.replace(from, to);
            let carried = carry_over(BEFORE, AFTER, &edited).unwrap();
            assert!(to.lines().all(|line| carried.contains(line)), "{carried}");
            for new in ["{A, B, C}", "    three: u8,\n", "    h();\n"] {
                assert!(carried.contains(new), "{carried}");
            }
            assert_eq!(carry_over(BEFORE, AFTER, &carried).unwrap(), carried);
        }
    }

    #[test]
    fn what_was_written_by_hand_is_not_written_again() {
        let by_hand = "//! Mine.\nuse a::{A, B, C};\nstruct S {\n    three: u8,\n    two: u8,\n}\nfn f() {\n        h();\n}\n";
        assert_eq!(carry_over(BEFORE, AFTER, by_hand).unwrap(), by_hand);
    }

    #[test]
    fn a_lost_place_says_which_lines_go_where() {
        let edited = BEFORE
            .replace("{A, C}", "*")
            .replace("    two: u8,\n}", "    due: u8 }");
        let lost = carry_over(BEFORE, AFTER, &edited).unwrap_err();
        let said: Vec<String> = lost
            .iter()
            .map(|lost| format!("{} / add {} / {}", lost.why, lost.add, lost.place))
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        `use a::{A, C};` is not there as it was generated / add use a::{A, B, C}; / in place of `use a::{A, C};`
        `two: u8,` is not there as it was generated / add     three: u8, / behind `two: u8,`
        ");
    }
}
