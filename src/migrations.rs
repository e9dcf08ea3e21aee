//! Operations, diff, history and file text of migrations: pure.
