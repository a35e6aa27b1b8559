"""Trains the flow by conditional flow matching; resumes from its checkpoint.

    python3 flow.py --data FOLDER --out flow.pt --steps 9000

Loss: |network(x_t, t, label) - (data - noise)|^2 at x_t = (1 - t) noise + t data, t logit-normal, one label in
ten replaced by the null class. The learning rate rises over 300 steps, stays, and falls to zero over the last
30 % of --steps. bfloat16 products where the processor has them (autocast), everything else float32.
"""
import argparse
import copy
import pathlib
import time

import torch

import data
import model

BATCH, RATE, WARMUP, DECAY = 128, 1.5e-3, 300, 0.3


def rate(step, steps):
    return RATE * min(1.0, (step + 1) / WARMUP, max(0.0, (steps - step) / (DECAY * steps)))


def loss_of(net, x, label):
    noise = torch.randn_like(x)
    t = torch.sigmoid(torch.randn(len(x)))
    label = torch.where(torch.rand(len(x)) < 0.1, torch.full_like(label, model.CLASSES), label)
    point = (1 - t[:, None]) * noise + t[:, None] * x
    with torch.autocast("cpu", torch.bfloat16):
        return ((net(point, t, label) - (x - noise)) ** 2).mean()


def follow(average, net, step):
    keep = min(0.9995, (1 + step) / (10 + step))
    with torch.no_grad():
        for slow, fast in zip(average.parameters(), net.parameters()):
            slow.lerp_(fast, 1 - keep)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="flow.pt")
    parser.add_argument("--steps", type=int, default=9000)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    images, labels = (torch.from_numpy(a) for a in data.read(options.data, "train"))
    net = model.Flow()
    average = copy.deepcopy(net)
    optimizer = torch.optim.AdamW(net.parameters(), RATE, betas=(0.9, 0.99), weight_decay=0.01)
    step = 0
    if pathlib.Path(options.out).exists():
        saved = torch.load(options.out)
        net.load_state_dict(saved["net"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        step = saved["step"]
        torch.manual_seed(step)
    began, total = time.time(), 0.0
    while step < options.steps:
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options.steps)
        pick = torch.randint(0, len(images), (BATCH,))
        loss = loss_of(net, images[pick], labels[pick])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        follow(average, net, step)
        step += 1
        total += float(loss)
        if step % 250 == 0 or step == options.steps:
            print(f"step {step} loss {total / 250:.4f} {time.time() - began:.0f} s", flush=True)
            total = 0.0
            torch.save({"net": net.state_dict(), "average": average.state_dict(),
                        "optimizer": optimizer.state_dict(), "step": step}, options.out + ".new")
            pathlib.Path(options.out + ".new").rename(options.out)


main()
