//! A type as databases spell it: words, and numbers in parentheses.
//!
//! Not read by [`crate::sql::tokens`]: the text between quotes, as of `enum('A','b')`, is kept byte by byte and compared
//! with what the catalogue says, whereas tokens hold it without escapes, and a spelling without a place for blanks.

/// `Character  Varying(200)` as `character varying` and `[200]`.
pub(super) struct Spelling {
    /// In lower case, with single blanks, without what stands in parentheses.
    pub(super) name: String,
    pub(super) numbers: Vec<u32>,
    /// All of it, in lower case outside of quotes.
    pub(super) whole: String,
}

impl Spelling {
    pub(super) fn parse(text: &str) -> Self {
        let whole = plain(text);
        let (name, inside) = match (whole.find('('), whole.rfind(')')) {
            (Some(open), Some(close)) if open < close => {
                let name = format!("{} {}", &whole[..open], &whole[close + 1..]);
                (name, Some(whole[open + 1..close].to_owned()))
            }
            _ => (whole.clone(), None),
        };
        let words: Vec<&str> = name.split_whitespace().collect();
        let numbers: Option<Vec<u32>> = inside
            .as_deref()
            .map(|inside| inside.split(',').map(|n| n.trim().parse().ok()).collect())
            .unwrap_or_else(|| Some(Vec::new()));
        Self {
            // Arguments that are no numbers belong to types that nobody here knows.
            name: match &numbers {
                Some(_) => words.join(" "),
                None => whole.clone(),
            },
            numbers: numbers.unwrap_or_default(),
            whole,
        }
    }

    pub(super) fn one(&self) -> Option<u32> {
        match self.numbers.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Precision and scale, which is 0 where it is not said.
    pub(super) fn pair(&self) -> Option<(u32, u32)> {
        match self.numbers.as_slice() {
            [precision] => Some((*precision, 0)),
            [precision, scale] => Some((*precision, *scale)),
            _ => None,
        }
    }
}

/// Lower case and single blanks outside of quotes.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut quote = None;
    for c in text.trim().chars() {
        match quote {
            Some(end) => {
                plain.push(c);
                if c == end {
                    quote = None;
                }
            }
            None if matches!(c, '\'' | '"' | '`') => {
                quote = Some(c);
                plain.push(c);
            }
            None if c.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            None => plain.extend(c.to_lowercase()),
        }
    }
    plain
}
