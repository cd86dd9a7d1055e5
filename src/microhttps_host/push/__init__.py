"""An application onto a board: what it uses, what is staged, how it gets there. Layer 13."""
