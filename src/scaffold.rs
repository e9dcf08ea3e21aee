//! Packs, rendering, and wiring into existing Rust and TOML: pure.
