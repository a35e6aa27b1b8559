"""The updates of peers_updates.py in torch: with as few passes as torch allows, and as diffusers' schedulers do.

The classes Diffusers... follow what one call of a scheduler's step does: one tensor operation for each of its own, in
its order, with coefficients that are 0-dim tensors and are worked out in every step. They begin at a node inside the
path, where those schedulers have their first step of order 1. Left out are checks, and what a scheduler does not do to
arrays.
"""
import torch

from peers_updates import ByHand


class InPlace:
    """As somebody writes it who counts passes: out=, add_ with alpha, no array that is not there already."""

    def __init__(self, table, draw):
        self.table, self.draw = table, draw

    def begin(self, start, zeros):
        self.x, self.last, self.old, self.older, self.data = (a.clone() for a in (start, start, zeros, zeros, zeros))

    def turn(self):
        self.old, self.older, self.data = self.data, self.old, self.older


class InPlaceEuler(InPlace):
    def step(self, i, f):
        self.x.add_(f, alpha=self.table[i][0])


class InPlaceAB2(InPlace):
    def step(self, i, f):
        now, before = self.table[i]
        self.x.add_(f, alpha=now).add_(self.old, alpha=before)
        self.old = f


class InPlaceDPMpp2M(InPlace):
    def step(self, i, f):
        sigma, a, b, c = self.table[i][:4]
        torch.add(self.x, f, alpha=sigma, out=self.data)
        self.x.mul_(a).add_(self.data, alpha=b).add_(self.old, alpha=c)
        self.turn()


class InPlaceSDEDPMpp2M(InPlaceDPMpp2M):
    def step(self, i, f):
        super().step(i, f)
        self.x.add_(self.draw(), alpha=self.table[i][4])


class InPlaceUniPC2(InPlace):
    def step(self, i, f):
        sigma, a, b, c, d, e, g, h = self.table[i]
        torch.add(self.x, f, alpha=sigma, out=self.data)
        self.last.mul_(a).add_(self.old, alpha=b).add_(self.older, alpha=c).add_(self.data, alpha=d)
        torch.mul(self.last, e, out=self.x).add_(self.data, alpha=g).add_(self.old, alpha=h)
        self.turn()


class Diffusers(ByHand):
    """`table` is the nodes' sigma. Networks there return noise - data: minus our velocity."""

    def __init__(self, nodes, draw):
        self.sigmas, self.draw = torch.tensor(nodes.sigma), draw

    def begin(self, start, zeros):
        self.x, self.last = start, None
        self.outputs = [None, None]

    def weights(self, i):
        """Of data and noise, and log of their ratio, at node i."""
        sigma = self.sigmas[i]
        weight = 1 - sigma
        return weight, sigma, torch.log(weight) - torch.log(sigma)

    def predict_data(self, i, output):
        return self.x - self.sigmas[i] * output

    def keep(self, output):
        self.outputs = [self.outputs[1], output]


class DiffusersEuler(Diffusers):
    """FlowMatchEulerDiscreteScheduler."""

    def step(self, i, output):
        self.x = self.x + (self.sigmas[i + 1] - self.sigmas[i]) * output


class DiffusersLMS(Diffusers):
    """LMSDiscreteScheduler of order 2: back from the data prediction to the slope, then Python's sum. The weights,
    integrated numerically there in every step, are given."""

    def __init__(self, nodes, draw):
        super().__init__(nodes, draw)
        self.table = nodes.table("ab2")

    def step(self, i, output):
        data = self.predict_data(i, output)
        self.keep((self.x - data) / self.sigmas[i])
        slopes = [self.outputs[1], self.outputs[0]] if i else [self.outputs[1]]
        self.x = self.x + sum(-weight * slope for weight, slope in zip(self.table[i], slopes))


class DiffusersDPMpp2M(Diffusers):
    """DPMSolverMultistepScheduler of order 2, "dpmsolver++" with midpoint, predictions of flow models."""

    def factors(self, i):
        alpha, sigma, to = self.weights(i + 1)
        _, sigma_from, here = self.weights(i)
        return sigma / sigma_from, alpha * (torch.exp(here - to) - 1), None

    def combine(self, i, slope):
        ratio, factor, _ = self.factors(i)
        flat = ratio * self.x - factor * self.outputs[1]
        return flat if slope is None else flat - .5 * factor * slope

    def slope(self, i):
        """The difference of the last two data predictions, per step."""
        if not i:
            return None
        here = self.weights(i)[2]
        r = (here - self.weights(i - 1)[2]) / (self.weights(i + 1)[2] - here)
        return (1 / r) * (self.outputs[1] - self.outputs[0])

    def step(self, i, output):
        self.keep(self.predict_data(i, output))
        self.x = self.combine(i, self.slope(i))


class DiffusersSDEDPMpp2M(DiffusersDPMpp2M):
    """The same, "sde-dpmsolver++"."""

    def combine(self, i, slope):
        alpha, sigma, to = self.weights(i + 1)
        _, sigma_from, here = self.weights(i)
        noise, h = self.draw(), to - here
        factor = alpha * (1 - torch.exp(-2 * h))
        sum_ = (sigma / sigma_from * torch.exp(-h)) * self.x + factor * self.outputs[1]
        if slope is not None:
            sum_ = sum_ + .5 * factor * slope
        return sum_ + sigma * torch.sqrt(1 - torch.exp(-2 * h)) * noise


class DiffusersUniPC2(Diffusers):
    """UniPCMultistepScheduler of order 2, "bh2": the corrector of the last step, then the predictor, each with its
    differences stacked, weighted by einsum, and its small linear system."""

    def differences(self, i, order, h):
        """Of data predictions before node i to the one there, and where they lie, in steps."""
        here, where = self.weights(i)[2], []
        stack = []
        for j in range(1, order):
            where.append((self.weights(i - j)[2] - here) / h)
            stack.append((self.outputs[-1 - j] - self.outputs[-1]) / where[-1])
        return torch.tensor([*where, 1.]), torch.stack(stack, 1) if stack else None

    def system(self, where, order, hh):
        phi, b, factorial = torch.expm1(hh) / hh - 1, [], 1
        for j in range(1, order + 1):
            b.append(phi * factorial / torch.expm1(hh))
            factorial *= j + 1
            phi = phi / hh - 1 / factorial
        return torch.stack([torch.pow(where, j) for j in range(order)]), torch.tensor(b)

    def move(self, i, order, x, this):
        """From node i to the next: predicted, or, with the data prediction there, corrected."""
        alpha, sigma, to = self.weights(i + 1)
        _, sigma_from, here = self.weights(i)
        hh = here - to
        where, stack = self.differences(i, order, to - here)
        matrix, b = self.system(where, order, hh)
        base = sigma / sigma_from * x - alpha * torch.expm1(hh) * self.outputs[-1]
        if this is None:
            weights = torch.tensor([.5])
            rest = torch.einsum("k,bkc...->bc...", weights, stack) if order > 1 else 0
        else:
            weights = torch.linalg.solve(matrix, b) if order > 1 else torch.tensor([.5])
            rest = torch.einsum("k,bkc...->bc...", weights[:-1], stack) if order > 1 else 0
            rest = rest + weights[-1] * (this - self.outputs[-1])
        return base - alpha * torch.expm1(hh) * rest

    def step(self, i, output):
        data = self.predict_data(i, output)
        x = self.move(i - 1, min(i, 2), self.last, data) if i else self.x
        self.keep(data)
        self.last = x
        self.x = self.move(i, min(i + 1, 2), x, None)


IN_PLACE = {"euler": InPlaceEuler, "ab2": InPlaceAB2, "dpmpp_2m": InPlaceDPMpp2M, "unipc_2": InPlaceUniPC2,
            "sde_dpmpp_2m": InPlaceSDEDPMpp2M}
DIFFUSERS = {"euler": DiffusersEuler, "ab2": DiffusersLMS, "dpmpp_2m": DiffusersDPMpp2M, "unipc_2": DiffusersUniPC2,
             "sde_dpmpp_2m": DiffusersSDEDPMpp2M}
