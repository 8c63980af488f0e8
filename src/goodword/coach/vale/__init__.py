"""Rules written for Vale: read from its YAML files, and made rules of the coach."""
