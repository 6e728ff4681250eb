"""What stores and libraries file a book under, from its genres and its own words."""
