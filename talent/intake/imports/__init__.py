"""Events from a spreadsheet: read, planned row by row, confirmed, undone."""
