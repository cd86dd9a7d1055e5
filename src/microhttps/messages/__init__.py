"""What is asked and what is answered: requests, bodies, forms, answers, files. Layer 6."""
