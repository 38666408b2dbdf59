"""What a contact is and which contacts are right: fields, parsers, validation, phone numbers, dates, outcomes."""
