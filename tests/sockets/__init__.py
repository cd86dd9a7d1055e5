"""wrap_socket, STARTTLS, the bare stream and events, with programs of other people; the seeds' are in examples/."""
