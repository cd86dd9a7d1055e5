"""What a server is doing, in figures: counted while it serves, told when somebody asks. Used by `status`. Layer 9."""
