"""Private keys at rest: sealed, published by others, readable by others; and embedded into programs."""
