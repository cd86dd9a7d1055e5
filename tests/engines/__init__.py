"""The TLS engines: choosing one by name, and what each can do."""
