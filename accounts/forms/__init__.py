"""Forms of sign-up, sign-in and verification."""
