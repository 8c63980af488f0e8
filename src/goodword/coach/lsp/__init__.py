"""The coach in an editor: a language server, which needs the package pygls (`goodword[lsp]`)."""
