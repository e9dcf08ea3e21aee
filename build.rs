//! Makes cargo notice files that are added to or removed from the packs, which are part of the binary.

#[allow(clippy::print_stdout, reason = "this is how cargo is talked to")]
fn main() {
    println!("cargo::rerun-if-changed=scaffolds");
}
