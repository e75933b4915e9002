//! Scenarios of triggers.
