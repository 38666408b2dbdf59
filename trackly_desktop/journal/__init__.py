"""The journal: every run and row on disk first. The program's only SQL.

schema      tables, and how a connection is opened
models      what is stored and read
drafts      a run while its rows are being validated
run_store   a run while it is delivered
protection  accounts that share a server and key: whose "no" counts
queries     what the window and the reports read
"""
