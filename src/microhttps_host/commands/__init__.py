"""The commands of `microhttps`, a module a group. Layer 13."""
