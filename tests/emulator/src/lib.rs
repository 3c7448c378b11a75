//! A loopback XQ service for developing and testing without an account.
