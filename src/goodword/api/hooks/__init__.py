"""Mail and reports that the large mail senders bring by HTTP."""
