"""The pages about complaints."""
