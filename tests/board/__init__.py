"""What is made for a board does what the package does."""
