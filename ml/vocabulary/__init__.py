"""The labels: their names, facets and synonyms, and how a typed name becomes one."""
