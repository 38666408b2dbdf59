"""Files made from the journal: results, audit records, the sample file."""
