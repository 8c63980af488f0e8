"""Reading an archive: conversations from JSON lines or Parquet, read and reviewed message by message.

The rows of `files`, gathered to conversations by `conversations`, go in batches through the one pure function
`reading.results_of` on every core or on a cluster (`spread`), and come out in the order they went in.
"""
