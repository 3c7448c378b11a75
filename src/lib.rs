//! The XQ subscription API as a C library.
