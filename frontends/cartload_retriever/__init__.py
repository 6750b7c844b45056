"""A stand-in for the NBIA Data Retriever's command line: its flags, its questions, its folders."""
