"""The types that applications are checked with: they say what the runtime has, and refuse what it would."""
