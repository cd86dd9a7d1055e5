"""What must not grow: memory and descriptors, over a hundred thousand requests and thousands of failures."""
