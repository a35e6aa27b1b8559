"""The updates of five solvers as numpy's and torch's users write them.

Everything is for a velocity network on the linear schedule, x = sigma noise + (1 - sigma) data. An update is a class
with step(i, f): from the state self.x at node i, where the network said f, to node i + 1. Nodes.table(name) has the
numbers of every step, first steps of lower order included, so that no update needs a branch.

The formulas are the papers': DPM-Solver++ (2211.01095), UniPC (2302.04867).
"""
import math


class Nodes:
    """Uniform in u from low to high: u, sigma = 1 - u, lambda = log(u/sigma)."""

    def __init__(self, steps, low=.05, high=.95):
        self.steps = steps
        self.u = [low + (high - low) * i / steps for i in range(steps + 1)]
        self.sigma = [1 - u for u in self.u]
        self.lambdas = [math.log(u / (1 - u)) for u in self.u]

    def table(self, name):
        return [getattr(self, name)(i) for i in range(self.steps)]

    def euler(self, i):
        return [self.u[i + 1] - self.u[i]]

    def ab2(self, i):
        h = self.u[i + 1] - self.u[i]
        w = h / (self.u[i] - self.u[i - 1]) / 2 if i else 0
        return [h * (1 + w), -h * w]

    def ratio(self, i):
        """Of the last step in lambda to this one; infinite in the first, which has order 1."""
        return (self.lambdas[i] - self.lambdas[i - 1]) / (self.lambdas[i + 1] - self.lambdas[i]) if i else math.inf

    def decay(self, i, of=1.):
        """1 - e^(-h), and e^(-h), in lambda."""
        h = of * (self.lambdas[i + 1] - self.lambdas[i])
        return -math.expm1(-h), math.exp(-h)

    def dpmpp_2m(self, i):
        to_data, back = self.u[i + 1] * self.decay(i)[0], .5 / self.ratio(i)
        return [self.sigma[i], self.sigma[i + 1] / self.sigma[i], to_data * (1 + back), -to_data * back]

    def sde_dpmpp_2m(self, i):
        twice, keep = self.decay(i, 2)[0], self.decay(i)[1]
        to_data, back = self.u[i + 1] * twice, .5 / self.ratio(i)
        return [self.sigma[i], self.sigma[i + 1] / self.sigma[i] * keep, to_data * (1 + back), -to_data * back,
                self.sigma[i + 1] * math.sqrt(twice)]

    def unipc_2(self, i):
        """sigma; the corrector's weights of the state before, its data prediction, the one before, this one; the
        predictor's of the corrected state, this data prediction, the one before."""
        predictor = self.dpmpp_2m(i)
        if not i:
            return [self.sigma[0], 1, 0, 0, 0, *predictor[1:]]
        to_data = self.u[i] * self.decay(i - 1)[0]
        older, this = self.correction(i - 1) if i > 1 else (0, .5)
        return [self.sigma[i], self.sigma[i] / self.sigma[i - 1], to_data * (1 - older - this), to_data * older,
                to_data * this, *predictor[1:]]

    def correction(self, i):
        """UniC of order 2 with B(h) = e^h - 1: the weights of the two differences, over B(h)."""
        hh, r = self.lambdas[i] - self.lambdas[i + 1], -self.ratio(i)
        first = math.expm1(hh) / hh - 1
        b1, b2 = first / math.expm1(hh), 2 * (first / hh - .5) / math.expm1(hh)
        older = (b1 - b2) / (1 - r)
        return older / r, b1 - older


class ByHand:
    """One expression per line, of numpy arrays or of torch tensors. draw() gives normals."""

    def __init__(self, table, draw):
        self.table, self.draw = table, draw

    def begin(self, start, zeros):
        self.x, self.last, self.old, self.older = start, start, zeros, zeros


class Euler(ByHand):
    def step(self, i, f):
        h, = self.table[i]
        self.x = self.x + h * f


class AB2(ByHand):
    def step(self, i, f):
        now, before = self.table[i]
        self.x = self.x + now * f + before * self.old
        self.old = f


class DPMpp2M(ByHand):
    def step(self, i, f):
        sigma, a, b, c = self.table[i]
        data = self.x + sigma * f
        self.x = a * self.x + b * data + c * self.old
        self.old = data


class SDEDPMpp2M(ByHand):
    def step(self, i, f):
        sigma, a, b, c, g = self.table[i]
        data = self.x + sigma * f
        self.x = a * self.x + b * data + c * self.old + g * self.draw()
        self.old = data


class UniPC2(ByHand):
    def step(self, i, f):
        sigma, a, b, c, d, e, g, h = self.table[i]
        data = self.x + sigma * f
        self.last = a * self.last + b * self.old + c * self.older + d * data
        self.x = e * self.last + g * data + h * self.old
        self.old, self.older = data, self.old


BY_HAND = {"euler": Euler, "ab2": AB2, "dpmpp_2m": DPMpp2M, "unipc_2": UniPC2, "sde_dpmpp_2m": SDEDPMpp2M}
