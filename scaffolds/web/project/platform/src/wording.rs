//! The words for rules that are broken: those of `garde`, said to people. Change them here, and the API and every form
//! say the new ones.

use std::borrow::Cow;
use std::fmt::Display;

use garde::i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind};

type Words = Cow<'static, str>;

/// English.
#[derive(Debug)]
pub struct Wording;

impl I18n for Wording {
    fn length_lower_than(&self, min: usize) -> Words {
        match min {
            1 => "must not be empty".into(),
            min => format!("is too short: at least {min} characters").into(),
        }
    }

    fn length_greater_than(&self, max: usize) -> Words {
        format!("is too long: at most {max} characters").into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Words {
        format!("must be at least {min}").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Words {
        format!("must be at most {max}").into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Words {
        "is not the number of a credit card".into()
    }

    fn pattern_no_match(&self, _: &dyn Display) -> Words {
        "is not written as it must be".into()
    }

    fn contains_missing(&self, part: &dyn Display) -> Words {
        format!("must contain {part}").into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Words {
        "is not a web address such as https://example.com/".into()
    }

    fn prefix_missing(&self, start: &dyn Display) -> Words {
        format!("must start with {start}").into()
    }

    fn suffix_missing(&self, end: &dyn Display) -> Words {
        format!("must end with {end}").into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Words {
        "is not a phone number".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Words {
        format!("is not an {kind} address").into()
    }

    fn matches_field_mismatch(&self, other: &dyn Display) -> Words {
        format!("must be the same as {other}").into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Words {
        "is not an e-mail address".into()
    }

    fn ascii_invalid(&self) -> Words {
        "may hold only plain letters, digits and signs (ASCII)".into()
    }

    fn alphanumeric_invalid(&self) -> Words {
        "may hold only letters and digits".into()
    }

    fn required_not_set(&self) -> Words {
        "is required".into()
    }
}
