//! A script cut into its statements, so that each can be counted: pure.

/// The statements of `sql`, without comments before them; `None` where the text may hold programs of its own
/// (`BEGIN … END`), whose semicolons end nothing.
pub(super) fn split(sql: &str) -> Option<Vec<&str>> {
    let upper = sql.to_ascii_uppercase();
    let programs = [
        "DELIMITER",
        "BEGIN",
        "TRIGGER",
        "PROCEDURE",
        "FUNCTION",
        "EVENT",
    ];
    if programs.iter().any(|word| upper.contains(word)) {
        return None;
    }
    let bytes = sql.as_bytes();
    let mut statements = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let skip_to = |end: &str, from: usize| {
            sql[from..]
                .find(end)
                .map_or(bytes.len(), |found| from + found + end.len())
        };
        match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => at = after_quoted(bytes, at + 1, quote),
            b'-' if sql[at..].starts_with("-- ") => at = skip_to("\n", at),
            b'#' => at = skip_to("\n", at),
            b'/' if sql[at..].starts_with("/*") => at = skip_to("*/", at),
            b';' => {
                statements.push(&sql[start..at]);
                at += 1;
                start = at;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        }
    }
    statements.push(&sql[start..]);
    let trimmed = statements.into_iter().map(without_comments);
    Some(trimmed.filter(|statement| !statement.is_empty()).collect())
}

/// The place after the closing quote; a doubled quote and, but for names, a backslash hide one.
fn after_quoted(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' => at += 2,
            byte if byte == quote => {
                if bytes.get(at + 1) == Some(&quote) {
                    at += 2;
                } else {
                    return at + 1;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn without_comments(statement: &str) -> &str {
    let mut rest = statement.trim();
    loop {
        let line = rest.starts_with("-- ") || rest.starts_with('#') || rest == "--";
        if !line && !rest.starts_with("--\n") {
            return rest;
        }
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest.trim());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_end_statements_only_outside_of_quotes_and_comments() {
        for (sql, expected) in [
            ("", vec![]),
            ("-- Only a title.\n\n-- Nothing.\n", vec![]),
            ("SELECT 1;", vec!["SELECT 1"]),
            (
                "-- a;b\nSELECT ';', \"x;\", `;`;\nSELECT 2",
                vec!["SELECT ';', \"x;\", `;`", "SELECT 2"],
            ),
            (
                "SELECT 'it''s; \\'; ;';SELECT 2;",
                vec!["SELECT 'it''s; \\'; ;'", "SELECT 2"],
            ),
            ("SELECT 1 /* ; */, 2; # ;\n", vec!["SELECT 1 /* ; */, 2"]),
            (
                "SELECT 'ä;ö'; SELECT 'unclosed;",
                vec!["SELECT 'ä;ö'", "SELECT 'unclosed;"],
            ),
            ("SELECT 1--2;", vec!["SELECT 1--2"]),
        ] {
            assert_eq!(split(sql), Some(expected), "{sql}");
        }
        assert_eq!(
            split("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN ; END"),
            None
        );
    }
}
