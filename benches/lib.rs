//! Benches of zhibiao; see `panel.rs`.
