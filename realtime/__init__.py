"""Who is listening: sockets, which are told that something has happened, and not what."""
