"""Tables of items as files: their columns, their cells, reading and writing them (staff.md 9.6)."""
