"""The network in torch: the encoder, the table of word pieces, and the graph that ships."""
