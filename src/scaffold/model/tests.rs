//! Models of many kinds, as their templates render them.
