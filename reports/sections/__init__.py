"""The sections of the procurement report, one module each: values in, a section of a document out."""
