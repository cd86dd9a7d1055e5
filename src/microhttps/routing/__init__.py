"""Who answers: routes, what guards them, and what is said when nobody does. Layer 7."""
