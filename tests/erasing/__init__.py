"""A person who was everywhere in the house, erased; a test of all rooms together."""
