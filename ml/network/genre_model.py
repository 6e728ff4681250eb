"""The deep part of the classifier: encoder, mean over tokens, linear head."""

import torch
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel


class GenreModel(nn.Module):
    """The logit of a label is the mean over tokens of `w . h_t`, plus `b`: exactly additive.

    Args:
        encoder: a transformers encoder whose first output is [batch, tokens, width].
        labels: number of labels.
        dropout: share of the mean vector's dimensions dropped while training.
    """

    def __init__(self, encoder: PreTrainedModel, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.hidden_size, labels)

    @classmethod
    def from_pretrained(
        cls, path: str, labels: int, kept_ids: list[int] | None, dropout: float
    ) -> "GenreModel":
        """Load an encoder, keep the embeddings of the pruned vocabulary (or all), freeze them.

        The encoder's own dropout is off: with it, attention falls back to a kernel that made a
        step on a CPU about half as long again.
        """
        encoder = AutoModel.from_pretrained(
            path,
            add_pooling_layer=False,
            dtype=torch.float32,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        if kept_ids is not None:
            words = encoder.get_input_embeddings()
            pruned = nn.Embedding.from_pretrained(words.weight[kept_ids].clone(), padding_idx=0)
            encoder.set_input_embeddings(pruned)
            encoder.config.vocab_size = len(kept_ids)
        for parameter in encoder.embeddings.parameters():
            parameter.requires_grad_(False)
        return cls(encoder, labels, dropout)

    def tokens(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the last hidden states [batch, tokens, width]."""
        states: Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask)[0]
        return states

    def mean(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the mean of the last hidden states [batch, width]."""
        states = self.tokens(input_ids, attention_mask)
        weights = attention_mask.to(states.dtype).unsqueeze(-1)
        pooled: Tensor = (states * weights).sum(1) / weights.sum(1)
        return pooled.float()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the logits [batch, labels]."""
        logits: Tensor = self.head(self.dropout(self.mean(input_ids, attention_mask)))
        return logits
