//! Users.
{{ not a template }}
