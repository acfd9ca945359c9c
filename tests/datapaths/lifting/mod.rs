//! Lifting: golden models against outsiders, hardware against golden models.

mod golden;
