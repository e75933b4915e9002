//! The proxy over loopback: what a page may do, and every way out that somebody with worse intent would try.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on is a test that fails"
)]

mod access;
mod addresses;
mod answers;
mod limits;
mod program;
mod requests;
mod scene;
mod secrets;
