"""The state of functions: the table service's rules, and where tables are kept."""
