"""From a file to true outcomes: reading, mapping, checking, journalling, delivering, exporting. No Qt."""
