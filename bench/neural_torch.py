#!/usr/bin/env python3
"""Steps a second of PyTorch on the plain adder of 122 parameters: the same batch, loss, optimiser and schedule, one thread.

usage: bench/neural_torch.py eager|compiled STEPS

Queries, feed-forward and head are computed for the answers' positions alone, as the engine does it. Prints steps a second of
processor time after a warm-up, which for the compiled mode holds the compilation.
"""
import math, sys, time

import torch
from torch import nn

LENGTH, PROMPT, WIDTH, HEAD, HIDDEN, BATCH, DIGITS = 35, 24, 3, 4, 3, 128, 10


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.gain * x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


class Adder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Parameter(0.1 * torch.randn(10, WIDTH))
        shapes = {"query": (HEAD, WIDTH), "key": (HEAD, WIDTH), "value": (HEAD, WIDTH), "output": (WIDTH, HEAD),
                  "gate": (HIDDEN, WIDTH), "up": (HIDDEN, WIDTH), "down": (WIDTH, HIDDEN)}
        self.matrices = nn.ParameterDict({name: nn.Parameter(0.3 * torch.randn(shape)) for name, shape in shapes.items()})
        self.attention_norm, self.feed_norm, self.final_norm = Norm(WIDTH), Norm(WIDTH), Norm(WIDTH)
        self.query_norm, self.key_norm = Norm(HEAD), Norm(HEAD)
        angles = torch.arange(LENGTH - 1)[:, None] * torch.tensor([1.0, 3 ** -0.5])
        self.register_buffer("cosines", angles.cos())
        self.register_buffer("sines", angles.sin())
        keys, queries = torch.arange(LENGTH - 1), torch.arange(PROMPT - 1, LENGTH - 1)
        self.register_buffer("mask", torch.where(keys[None, :] <= queries[:, None], 0.0, -math.inf))

    def turn(self, x, first):
        cosines, sines = self.cosines[first:], self.sines[first:]
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cosines - odd * sines, even * sines + odd * cosines), -1).flatten(-2)

    def forward(self, tokens):
        m, first = self.matrices, PROMPT - 1
        x = self.embedding[tokens]
        h = self.attention_norm(x)
        keys = self.turn(self.key_norm(h @ m["key"].T), 0)
        queries = self.turn(self.query_norm(h[:, first:] @ m["query"].T), first)
        weights = torch.softmax(queries @ keys.transpose(1, 2) / math.sqrt(HEAD) + self.mask, -1)
        x = x[:, first:] + weights @ (h @ m["value"].T) @ m["output"].T
        h = self.feed_norm(x)
        x = x + (nn.functional.silu(h @ m["gate"].T) * (h @ m["up"].T)) @ m["down"].T
        return self.final_norm(x) @ self.embedding.T


def draw():
    a, b = torch.randint(10, (2, BATCH, DIGITS))
    tokens, carry = torch.zeros(BATCH, LENGTH, dtype=torch.long), torch.zeros(BATCH, dtype=torch.long)
    tokens[:, 1:11], tokens[:, 13:23] = a, b
    for column in range(DIGITS):
        total = a[:, column] + b[:, column] + carry
        tokens[:, PROMPT + column], carry = total % 10, total // 10
    tokens[:, PROMPT + DIGITS] = carry
    return tokens


def main():
    mode, n_steps = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = Adder()
    assert sum(p.numel() for p in model.parameters()) == 122
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 30000, 0.001)
    batches = [draw() for _ in range(16)]

    def loss_of(tokens):
        return nn.functional.cross_entropy(model(tokens[:, :-1]).flatten(0, 1), tokens[:, PROMPT:].flatten())

    if mode == "compiled":
        loss_of = torch.compile(loss_of)

    def step(i):
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(batches[i % len(batches)])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        return loss

    for i in range(20):
        step(i)
    start = time.process_time()
    for i in range(n_steps):
        step(i)
    print(f"{n_steps / (time.process_time() - start):.0f}")


main()
