"""`microhttps check`: why it does not connect, step by step. Prints nothing; `drawing` does. Layer 13."""
