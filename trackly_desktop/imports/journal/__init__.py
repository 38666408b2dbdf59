"""The journal: every run and every row, on disk before anything else happens. The only SQL of the program.

schema      the tables, and how a connection is opened
records     what is put in and taken out
drafts      a run while its rows are being checked
journal     a run while it is delivered
reader      what the window and the exports read
"""
