"""What is refused, and how it is said: security headers, limits, admission, errors."""
