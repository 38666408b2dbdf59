"""Controls, layouts, fields, notices and tables shared by the pages."""
