"""The sample company: made-up people, goods and letters, told from the wordings in the TOML files beside."""
