"""Several processes that serve one application on one port. Layer 13."""
