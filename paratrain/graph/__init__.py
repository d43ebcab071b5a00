"""The compiler: from a graph of operators to one native program, one pass a file."""
