"""Why it failed, in three sentences: that every code has them, what they say of real faults, and what they cost."""
