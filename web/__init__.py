"""What people see: pages and the requests that lead to them."""
