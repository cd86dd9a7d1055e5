"""The pages for readers: what they show is run."""
