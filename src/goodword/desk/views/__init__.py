"""The agents' pages, one module for each noun."""
