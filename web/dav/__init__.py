"""Networks as drives: WebDAV (RFC 4918) for Explorer, Finder, LibreOffice, rclone and others."""
