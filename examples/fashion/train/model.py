"""The network of the fashion example: a small class-conditional transformer flow.

Input  x[count, 784], standardised pixels on the linear schedule x_t = (1 - t) noise + t data;
       t[count] in [0, 1]; label[count] in 0..10, where 10 is the null class used for guidance.
Output velocity[count, 784], an estimate of E[data - noise | x_t].

The same arithmetic is written in C in ../network.c; tests/fashion holds recorded values of this file.
"""
import math
import os

import torch
from torch import nn

SIDE, WIDTH, DEPTH, HEADS, HIDDEN, CLASSES = 28, 128, 5, 4, 512, 10
PATCH = int(os.environ.get("PATCH", "4"))
GRID = SIDE // PATCH
TOKENS, PIXELS = GRID * GRID, PATCH * PATCH
FREQUENCIES = 32


def modulate(x, scale, shift):
    return x * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.up = nn.Linear(WIDTH, HIDDEN)
        self.down = nn.Linear(HIDDEN, WIDTH)
        self.table = nn.Parameter(torch.zeros(6, WIDTH))

    def attention(self, x):
        n = x.shape[0]
        q, k, v = self.qkv(x).view(n, TOKENS, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weight = torch.softmax((q @ k.transpose(-1, -2)).float() * (WIDTH // HEADS) ** -0.5, dim=-1)
        return self.out((weight.to(v.dtype) @ v).transpose(1, 2).reshape(n, TOKENS, WIDTH))

    def forward(self, x, condition):
        a, b, c, d, e, f = (condition + self.table).unbind(1)
        norm = nn.functional.layer_norm
        x = x + c.unsqueeze(1) * self.attention(modulate(norm(x, (WIDTH,)), a, b))
        hidden = torch.relu(self.up(modulate(norm(x, (WIDTH,)), d, e))) ** 2
        return x + f.unsqueeze(1) * self.down(hidden)


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(PIXELS, WIDTH)
        self.position = nn.Parameter(torch.randn(TOKENS, WIDTH) * 0.02)
        self.label = nn.Embedding(CLASSES + 1, WIDTH)
        self.time1 = nn.Linear(2 * FREQUENCIES, WIDTH)
        self.time2 = nn.Linear(WIDTH, WIDTH)
        self.condition = nn.Linear(WIDTH, 6 * WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
        self.final = nn.Linear(WIDTH, 2 * WIDTH)
        self.head = nn.Linear(WIDTH, PIXELS)
        nn.init.normal_(self.label.weight, std=0.02)
        for layer in (self.condition, self.final, self.head):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def vector(self, t, label):
        """The condition vector: sinusoids of t at geometric frequencies from 1 to 1000, and the class."""
        w = torch.exp(torch.arange(FREQUENCIES) * (math.log(1000.0) / (FREQUENCIES - 1)))
        angle = t[:, None] * w
        time = self.time2(nn.functional.silu(self.time1(torch.cat([angle.cos(), angle.sin()], 1))))
        return nn.functional.silu(time + self.label(label))

    def forward(self, x, t, label):
        n = x.shape[0]
        patches = x.view(n, GRID, PATCH, GRID, PATCH).transpose(2, 3).reshape(n, TOKENS, PIXELS)
        vector = self.vector(t, label)
        condition = self.condition(vector).view(n, 6, WIDTH)
        h = self.embed(patches) + self.position
        for block in self.blocks:
            h = block(h, condition)
        scale, shift = self.final(vector).chunk(2, 1)
        h = self.head(modulate(nn.functional.layer_norm(h, (WIDTH,)), scale, shift)).float()
        return h.view(n, GRID, GRID, PATCH, PATCH).transpose(2, 3).reshape(n, SIDE * SIDE)
