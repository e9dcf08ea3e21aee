//! What the SQL behind a column says: whether the column is computed, and which names it uses.
//!
//! A schema knows no dialect, and this SQL may be of any: what is a name in one, as `"a"` or `[1]`, is a string or a
//! subscript in another, and a tokenizer that refuses a character would hide the words behind it. So the few words that
//! matter are looked for here, and not by the tokenizer of one dialect, which is in a layer above.

use super::Column;

/// A word of SQL outside of strings, and how deep in brackets it stands; a bracket is a word, too.
struct Word<'a> {
    text: &'a str,
    start: usize,
    depth: usize,
    quoted: bool,
}

impl Column {
    /// Whether the database computes it: `GENERATED ALWAYS AS (…)`, or `AS (…)` alone.
    pub(crate) fn is_generated(&self) -> bool {
        let words = words(self.extra.as_deref().unwrap_or_default());
        words.windows(2).any(|pair| {
            pair[0].depth == 0 && pair[0].text.eq_ignore_ascii_case("AS") && pair[1].text == "("
        })
    }

    /// Whether it is computed when a row is written, and not each time that it is read.
    pub(crate) fn is_stored(&self) -> bool {
        let words = words(self.extra.as_deref().unwrap_or_default());
        let stored = |word: &Word| {
            word.depth == 0
                && ["STORED", "PERSISTENT"]
                    .iter()
                    .any(|known| word.text.eq_ignore_ascii_case(known))
        };
        self.is_generated() && words.iter().any(stored)
    }

    /// Whether the SQL behind it names `column`.
    pub(crate) fn mentions(&self, column: &str) -> bool {
        let words = words(self.extra.as_deref().unwrap_or_default());
        words
            .iter()
            .any(|word| word.depth > 0 && word.text.eq_ignore_ascii_case(column))
    }

    /// Has the SQL behind it follow the new name of a column, as every database does.
    pub(crate) fn follow_rename(&mut self, from: &str, to: &str) {
        let Some(extra) = &self.extra else {
            return;
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_plain = to.chars().all(plain) && !to.starts_with(|c: char| c.is_ascii_digit());
        let mut text = extra.clone();
        for word in words(extra).iter().rev() {
            if word.depth > 0 && word.text == from && (word.quoted || is_plain) {
                text.replace_range(word.start..word.start + word.text.len(), to);
            }
        }
        self.extra = Some(text);
    }
}

fn words(sql: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut chars = sql.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut push = |start: usize, end: usize, depth: usize, quoted: bool| {
            found.push(Word {
                text: &sql[start..end],
                start,
                depth,
                quoted,
            });
        };
        match c {
            '(' => {
                push(start, start + 1, depth, false);
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                push(start, start + 1, depth, false);
            }
            '\'' | '"' | '`' => {
                let end = chars.find(|(_, next)| *next == c);
                let end = end.map_or(sql.len(), |(at, _)| at);
                if c != '\'' {
                    push(start + 1, end, depth, true);
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut end = start + c.len_utf8();
                while let Some((at, next)) =
                    chars.next_if(|(_, next)| next.is_alphanumeric() || *next == '_')
                {
                    end = at + next.len_utf8();
                }
                push(start, end, depth, false);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::ColumnType;
    use super::*;

    fn column(extra: &str) -> Column {
        let mut column = Column::new("g", ColumnType::Integer);
        column.extra = Some(extra.into());
        column
    }

    #[test]
    fn computed_columns_are_told_from_others() {
        for (extra, generated, stored) in [
            ("GENERATED ALWAYS AS (a * 2) STORED", true, true),
            ("as (a) virtual", true, false),
            (
                "CHECK (a > 0) generated always as(a) PERSISTENT",
                true,
                true,
            ),
            ("GENERATED ALWAYS AS IDENTITY", false, false),
            ("CHECK (CAST(a AS text) <> ' AS (STORED)')", false, false),
            ("COLLATE NOCASE", false, false),
        ] {
            let column = column(extra);
            assert_eq!(
                (column.is_generated(), column.is_stored()),
                (generated, stored),
                "{extra}"
            );
        }
    }

    #[test]
    fn names_are_followed_outside_of_strings() {
        for (extra, to, expected) in [
            (
                "AS (a * \"a\" + aa || 'a')",
                "b",
                "AS (b * \"b\" + aa || 'a')",
            ),
            ("AS (a * `a`)", "new name", "AS (a * `new name`)"),
        ] {
            let mut column = column(extra);
            assert!(column.mentions("a") && !column.mentions("b"));
            column.follow_rename("a", to);
            assert_eq!(column.extra.as_deref(), Some(expected));
        }
    }
}
