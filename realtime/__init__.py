"""Who is listening: sockets. Still empty; the events they will carry are written already."""
