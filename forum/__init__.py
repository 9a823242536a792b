"""What people do, and what follows from it: verbs and rules, without HTTP or sockets."""
