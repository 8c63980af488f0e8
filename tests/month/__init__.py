"""A month of a small house on a simulated clock while workers are killed: everything once, and in time."""
