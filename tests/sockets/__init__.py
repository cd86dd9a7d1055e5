"""wrap_socket, STARTTLS, the bare stream and events: the programs of the seeds, with programs of other people."""
