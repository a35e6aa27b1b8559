"""Trains the small classifier whose features and answers judge the samples.

    python3 classifier.py --data FOLDER --out classifier.pt

Input standardised images [count, 784]; `features` [count, 64] are the activations before the last layer. The same
arithmetic is written in C in ../classifier.c.
"""
import argparse
import time

import torch
from torch import nn

import data

BATCH, RATE, EPOCHS, FEATURES = 128, 3e-3, 40, 64


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5, 2, 2)
        self.conv2 = nn.Conv2d(16, 32, 5, 2, 2)
        self.fc1 = nn.Linear(32 * 7 * 7, FEATURES)
        self.fc2 = nn.Linear(FEATURES, 10)

    def features(self, x):
        h = torch.relu(self.conv2(torch.relu(self.conv1(x.view(-1, 1, 28, 28)))))
        return torch.relu(self.fc1(h.flatten(1)))

    def forward(self, x):
        return self.fc2(nn.functional.dropout(self.features(x), 0.3, self.training))


def augment(x):
    """Mirrored at random, and moved by up to one pixel each way."""
    x = x.view(-1, 28, 28)
    x = torch.where(torch.rand(len(x), 1, 1) < 0.5, x, x.flip(2))
    down, right = torch.randint(-1, 2, (2,)).tolist()
    return x.roll((down, right), (1, 2)).reshape(-1, 784)


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        right = sum(int((net(x).argmax(1) == y).sum()) for x, y in zip(images.split(1000), labels.split(1000)))
    net.train()
    return right / len(labels)


def epoch(net, optimizer, schedule, images, labels):
    total = 0.0
    for pick in torch.randperm(len(images)).split(BATCH):
        loss = nn.functional.cross_entropy(net(augment(images[pick])), labels[pick], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += float(loss) * len(pick)
    return total / len(images)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="classifier.pt")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    images, labels, test, answers = (torch.from_numpy(a) for part in ("train", "t10k")
                                     for a in data.read(options.data, part))
    net = Classifier()
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.01)
    steps = options.epochs * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    began = time.time()
    for i in range(options.epochs):
        loss = epoch(net, optimizer, schedule, images, labels)
        print(f"epoch {i + 1} loss {loss:.4f} test accuracy {accuracy(net, test, answers):.4f}"
              f" {time.time() - began:.0f} s", flush=True)
    torch.save(net.state_dict(), options.out)


if __name__ == "__main__":
    main()
