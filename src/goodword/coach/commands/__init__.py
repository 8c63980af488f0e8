"""The coach's commands: `goodword coach review`, `read`, `rules`, `lsp`, `mcp`."""
